import { composed } from '../tokenize/nfc.ts';
import { classOf, formOf, SILENT, UNSPACED, WORD } from './folding.ts';

/** Units of a term that count: what is longer is found by its beginning. */
const LONGEST_TERM = 64;
/** Below this no character joins with the one before it. */
const FIRST_JOINING = 0x300;

/**
 * The terms of a text, in order. Term i is units[starts[i], ends[i]), and stands for text[from[i], to[i]); the arrays
 * may be longer than `count`, and are used again by the next call.
 */
export interface Terms {
  count: number;
  units: Uint16Array;
  starts: Uint32Array;
  ends: Uint32Array;
  from: Uint32Array;
  to: Uint32Array;
}

/**
 * Reads texts as terms: runs of letters and digits, folded (folding.ts); in scripts without blanks every two
 * neighbours, and each run's last character by itself, so that one character is found as the beginning of a term.
 * No stemming and no list of words to leave out: every language is treated alike, and what a person types is what
 * is looked for. Nothing depends on the browser's dictionaries, so a saved index is read by the rules it was made by.
 */
export class TermReader {
  private readonly terms: Terms = {
    count: 0,
    units: new Uint16Array(4096),
    starts: new Uint32Array(1024),
    ends: new Uint32Array(1024),
    from: new Uint32Array(1024),
    to: new Uint32Array(1024),
  };
  private used = 0;

  /** The terms of `text`; valid until the next call. */
  read(text: string): Terms {
    this.terms.count = 0;
    this.used = 0;
    const form = mayCompose(text) ? composed(text) : undefined;
    this.scan(form?.text ?? text);
    if (form) {
      const { count, from, to } = this.terms;
      for (let i = 0; i < count; i++) {
        from[i] = form.starts[from[i] as number] as number;
        to[i] = form.ends[(to[i] as number) - 1] as number;
      }
    }
    return this.terms;
  }

  private scan(text: string): void {
    for (let at = 0; at < text.length; ) {
      const code = text.codePointAt(at) as number;
      const kind = classOf(code);
      if (kind === WORD) at = this.word(text, at);
      else if (kind === UNSPACED) at = this.run(text, at);
      else at += code > 0xffff ? 2 : 1;
    }
  }

  /** Takes the word that begins at `at`; returns where it ends. */
  private word(text: string, at: number): number {
    const start = this.used;
    const from = at;
    while (at < text.length) {
      const code = text.codePointAt(at) as number;
      const kind = classOf(code);
      if (kind !== WORD && kind !== SILENT) break;
      if (kind === WORD && this.used - start < LONGEST_TERM) this.put(code);
      at += code > 0xffff ? 2 : 1;
    }
    this.add(start, Math.min(this.used, start + LONGEST_TERM), from, at);
    return at;
  }

  /** Takes the run of a script without blanks that begins at `at`; returns where it ends. */
  private run(text: string, at: number): number {
    let before = -1;
    let beforeFrom = at;
    let beforeEnd = 0;
    let end = at;
    while (at < text.length) {
      const code = text.codePointAt(at) as number;
      const kind = classOf(code);
      const size = code > 0xffff ? 2 : 1;
      if (kind === SILENT) {
        at += size;
        continue;
      }
      if (kind !== UNSPACED) break;
      const start = this.used;
      this.put(code);
      if (before >= 0) this.add(before, this.used, beforeFrom, at + size);
      before = start;
      beforeEnd = this.used;
      beforeFrom = at;
      at += size;
      end = at;
    }
    this.add(before, beforeEnd, beforeFrom, end);
    return at;
  }

  private put(code: number): void {
    const { terms } = this;
    if (this.used + 32 > terms.units.length)
      terms.units = grown(terms.units, new Uint16Array(terms.units.length * 2));
    const form = formOf(code);
    if (form !== undefined) {
      for (let i = 0; i < form.length; i++) terms.units[this.used++] = form.charCodeAt(i);
    } else if (code <= 0xffff) {
      terms.units[this.used++] = code;
    } else {
      terms.units[this.used++] = 0xd800 + ((code - 0x10000) >> 10);
      terms.units[this.used++] = 0xdc00 + ((code - 0x10000) & 0x3ff);
    }
  }

  private add(start: number, end: number, from: number, to: number): void {
    const { terms } = this;
    const { count } = terms;
    if (count === terms.starts.length) {
      for (const name of ['starts', 'ends', 'from', 'to'] as const) {
        terms[name] = grown(terms[name], new Uint32Array(count * 2));
      }
    }
    terms.starts[count] = start;
    terms.ends[count] = end;
    terms.from[count] = from;
    terms.to[count] = to;
    terms.count++;
  }
}

/** What a person looks for: terms as strings, in order, each once. */
export interface QueryTerms {
  whole: string[];
  /** Beginnings: what is found by any word that starts so. */
  beginnings: string[];
}

/**
 * The terms of a query. While it is being typed, its last word is looked for as a beginning too, where nothing comes
 * after it and it has two letters or more; one character of a script without blanks is looked for as a beginning
 * always, for it is a term by itself only where a run ends.
 */
export function queryTerms(text: string, typing = false, reader = new TermReader()): QueryTerms {
  const { count, units, starts, ends, to } = reader.read(text);
  const whole = new Set<string>();
  const beginnings = new Set<string>();
  for (let i = 0; i < count; i++) {
    const term = String.fromCharCode(...units.subarray(starts[i], ends[i]));
    const size = [...term].length;
    if (classOf(term.codePointAt(0) as number) === UNSPACED && size === 1) {
      // The last of a longer run is in the term before it already.
      if (i === 0 || (to[i - 1] as number) !== to[i]) beginnings.add(term);
      continue;
    }
    whole.add(term);
    if (typing && i === count - 1 && size > 1 && to[i] === text.length) beginnings.add(term);
  }
  return { whole: [...whole], beginnings: [...beginnings] };
}

function mayCompose(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) >= FIRST_JOINING) return true;
  return false;
}

function grown<T extends Uint16Array | Uint32Array>(from: T, into: T): T {
  into.set(from);
  return into;
}
