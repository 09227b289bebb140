/** A record of JSON, read field by field: what is not asked for never gets into the program. Throws TypeError for what does not fit. */
export interface Fields {
  text(name: string): string;
  number(name: string): number;
  flag(name: string): boolean;
  /** One of these. */
  one<T extends string>(name: string, choices: readonly T[]): T;
  record(name: string): Fields;
  list<T>(name: string, item: (value: unknown) => T): T[];
  /** `read` where the field is there, else nothing: for spreading into an object. */
  maybe<K extends string, T>(name: K, read: (name: K) => T): { [P in K]?: T };
}

export function fieldsOf(value: unknown): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong('record', value);
  const get = (name: string): unknown =>
    Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
  return {
    text: name => textOf(get(name)),
    number: name => numberOf(get(name)),
    flag(name) {
      const flag = get(name);
      if (typeof flag !== 'boolean') throw wrong(name, flag);
      return flag;
    },
    one(name, choices) {
      const found = choices.find(choice => choice === get(name));
      if (found === undefined) throw wrong(name, get(name));
      return found;
    },
    record: name => fieldsOf(get(name)),
    list(name, item) {
      const list = get(name);
      if (!Array.isArray(list)) throw wrong(name, list);
      return list.map(item);
    },
    maybe: (name, read) => (get(name) === undefined ? {} : { [name]: read(name) }) as never,
  };
}

export function textOf(value: unknown): string {
  if (typeof value !== 'string') throw wrong('text', value);
  return value;
}

/** Finite, and not below 0: nothing that is archived is. */
export function numberOf(value: unknown): number {
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) throw wrong('number', value);
  return value;
}

function wrong(what: string, value: unknown): TypeError {
  return new TypeError(`${what} is ${value === undefined ? 'missing' : typeof value}.`);
}
