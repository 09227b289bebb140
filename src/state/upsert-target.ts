import type { Keeper } from './query-history.ts';

/** What was typed of a database the last time. Keys are never kept here. */
export interface TypedTarget {
  address: string;
  tenant: string;
  scopeDatabase: string;
  /** Name of the collection there; absent where none was ever chosen for this one. */
  collection?: string;
}

interface Kept extends Omit<TypedTarget, 'collection'> {
  /** By the id of the collection that is sent. */
  names: Record<string, string>;
}

const KEY = 'vecdrop:databases';

/** What was typed for each kind of database the last time, and what each collection was called there. */
export function createTypedTargets(keeper: Keeper) {
  function readAll(): Record<string, Kept> {
    try {
      const kept: unknown = JSON.parse(keeper?.getItem(KEY) ?? '{}');
      return Object.fromEntries(Object.entries(kept ?? {}).filter(([, each]) => isKept(each)));
    } catch {
      return {};
    }
  }

  function write(all: Record<string, Kept>): void {
    try {
      keeper?.setItem(KEY, JSON.stringify(all));
    } catch {
      // Typed anew the next time.
    }
  }

  return {
    of(database: string, collectionId: string): TypedTarget | undefined {
      const kept = readAll()[database];
      if (!kept) return undefined;
      const { names, ...typed } = kept;
      const collection = names[collectionId];
      return { ...typed, ...(collection === undefined ? {} : { collection }) };
    },
    keep(database: string, collectionId: string, { collection, ...typed }: Required<TypedTarget>): void {
      const all = readAll();
      const names = { ...all[database]?.names, [collectionId]: collection };
      write({ ...all, [database]: { ...typed, names } });
    },
    clearAll: () => write({}),
  };
}

function isKept(value: unknown): value is Kept {
  const { address, tenant, scopeDatabase, names } = (value ?? {}) as Partial<Record<keyof Kept, unknown>>;
  if (typeof names !== 'object' || names === null) return false;
  return [address, tenant, scopeDatabase, ...Object.values(names)].every(text => typeof text === 'string');
}
