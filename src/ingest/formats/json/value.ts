import { MAX_JSON_DEPTH, tooLarge } from '../../limits.ts';

/** Numbers, true, false and null as they are written: 20 digits stay 20 digits. */
export interface Literal {
  literal: string;
}
/** Keys in order, doubles and `__proto__` included: nothing becomes a property. */
export interface Members {
  members: [key: string, value: Json][];
}
export type Json = string | Literal | Members | Json[];

const BLANK = /[\s\ufeff]*/y;
const LITERAL = /-?\d[\d.eE+-]*|true|false|null/y;

/** A text as a JSON value; undefined where it is none. Throws 'file/too-large' for nesting beyond MAX_JSON_DEPTH. */
export function parseJson(text: string): Json | undefined {
  const reader = new Reader(text);
  try {
    const value = reader.value(0);
    return reader.atEnd() ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

class Reader {
  #at = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  atEnd(): boolean {
    this.#skip();
    return this.#at === this.#text.length;
  }

  value(depth: number): Json {
    if (depth > MAX_JSON_DEPTH) throw tooLarge(`is nested more than ${MAX_JSON_DEPTH} levels deep`);
    this.#skip();
    const first = this.#text[this.#at];
    if (first === '"') return this.#string();
    if (first === '[') {
      const items: Json[] = [];
      this.#list(']', () => items.push(this.value(depth + 1)));
      return items;
    }
    if (first === '{') {
      const members: Members['members'] = [];
      this.#list('}', () => {
        if (this.#text[this.#at] !== '"') throw new SyntaxError();
        const key = this.#string();
        this.#skip();
        if (this.#text[this.#at++] !== ':') throw new SyntaxError();
        members.push([key, this.value(depth + 1)]);
      });
      return { members };
    }
    LITERAL.lastIndex = this.#at;
    const literal = LITERAL.exec(this.#text)?.[0];
    if (literal === undefined) throw new SyntaxError();
    this.#at += literal.length;
    return { literal };
  }

  /** Items between commas, up to `close`; the bracket that opens is at hand. */
  #list(close: string, item: () => void): void {
    this.#at++;
    this.#skip();
    if (this.#text[this.#at] === close) {
      this.#at++;
      return;
    }
    for (;;) {
      this.#skip();
      item();
      this.#skip();
      const next = this.#text[this.#at++];
      if (next === close) return;
      if (next !== ',') throw new SyntaxError();
    }
  }

  #string(): string {
    const start = this.#at;
    let end = start + 1;
    let escaped = false;
    for (;;) {
      const unit = this.#text.charCodeAt(end);
      if (unit === 0x22) break;
      if (Number.isNaN(unit)) throw new SyntaxError();
      if (unit === 0x5c) {
        escaped = true;
        end++;
      }
      end++;
    }
    this.#at = end + 1;
    if (!escaped) return this.#text.slice(start + 1, end);
    // Line ends within a string are not JSON, and yet written.
    return JSON.parse(
      this.#text
        .slice(start, end + 1)
        .replaceAll('\n', '\\n')
        .replaceAll('\t', '\\t'),
    );
  }

  #skip(): void {
    BLANK.lastIndex = this.#at;
    BLANK.test(this.#text);
    this.#at = BLANK.lastIndex;
  }
}
