import { type QueryTerms, TermReader } from './terms.ts';

/** A span of UTF-16 units, end exclusive. */
export type Span = [start: number, end: number];

/** Where the words of a query are in a text, in order, those that touch or overlap as one. */
export function marks(text: string, query: QueryTerms, reader = new TermReader()): Span[] {
  const spans: Span[] = [];
  for (const { from, to } of matches(text, query, reader)) {
    const last = spans.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else spans.push([from, to]);
  }
  return spans;
}

/** A part of a text, with its marks. */
export interface Excerpt {
  /** Where it begins in the text. */
  start: number;
  text: string;
  /** Spans within the excerpt. */
  marks: Span[];
}

/**
 * The part of a text, at most `length` units, that has the most different words of the query, then the most of them;
 * the text itself where it is no longer. It begins and ends between words where that is possible.
 */
export function excerpt(text: string, query: QueryTerms, length: number, reader = new TermReader()): Excerpt {
  const [start, end] = text.length <= length ? [0, text.length] : bestPart(text, query, length, reader);
  const part = text.slice(start, end);
  return { start, text: part, marks: marks(part, query, reader) };
}

interface Match {
  term: string;
  from: number;
  to: number;
}

function matches(text: string, { whole, beginnings }: QueryTerms, reader: TermReader): Match[] {
  const words = new Set(whole);
  const { count, units, starts, ends, from, to } = reader.read(text);
  const end = (i: number) => to[i] as number;
  const found: Match[] = [];
  for (let i = 0; i < count; i++) {
    const term = String.fromCharCode(...units.subarray(starts[i], ends[i]));
    const matched = words.has(term) ? term : beginnings.find(beginning => term.startsWith(beginning));
    if (matched === undefined) continue;
    // Of two neighbours that are one term only the first is looked for; the next term begins with the second.
    const next =
      i + 1 < count && matched !== term ? Math.max(from[i + 1] as number, (from[i] as number) + 1) : end(i);
    found.push({ term: matched, from: from[i] as number, to: Math.min(end(i), next) });
  }
  return found;
}

function bestPart(text: string, query: QueryTerms, length: number, reader: TermReader): Span {
  const found = matches(text, query, reader);
  let best: Span = [0, 0];
  let most = 0;
  let first = 0;
  const times = new Map<string, number>();
  for (const [last, { term, to }] of found.entries()) {
    times.set(term, (times.get(term) ?? 0) + 1);
    // A match longer than the part counts by its beginning.
    while (first < last && to - (found[first] as Match).from > length) {
      const { term: left } = found[first++] as Match;
      const rest = (times.get(left) ?? 0) - 1;
      if (rest > 0) times.set(left, rest);
      else times.delete(left);
    }
    const worth = times.size * found.length + (last - first);
    if (worth > most) {
      most = worth;
      best = [(found[first] as Match).from, to];
    }
  }
  const spare = Math.max(0, length - (best[1] - best[0]));
  const start = Math.max(0, Math.min(best[0] - Math.floor(spare / 2), text.length - length));
  return [wordStart(text, start, best[0]), wordEnd(text, start + length, best[1])];
}

/** The first place from `at` on where a word begins, no later than `latest`. */
function wordStart(text: string, at: number, latest: number): number {
  if (at === 0) return 0;
  for (let i = at; i < latest; i++) if (/\s/u.test(text[i - 1] as string)) return i;
  return isWhole(text, at) ? at : at + 1;
}

/** The last place up to `at` where a word ends, no earlier than `earliest`. */
function wordEnd(text: string, at: number, earliest: number): number {
  if (at >= text.length) return text.length;
  for (let i = at; i > earliest; i--) if (/\s/u.test(text[i] as string)) return i;
  return isWhole(text, at) ? at : at - 1;
}

/** Whether an offset is not in the middle of a surrogate pair. */
function isWhole(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code < 0xdc00 || code > 0xdfff;
}
