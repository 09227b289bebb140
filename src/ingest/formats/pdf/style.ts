import type { Line } from './lines.ts';

/** How a document is set: what is larger or otherwise set than its running text is a heading. */
export interface Style {
  bodySize: number;
  bodyFonts: ReadonlySet<string>;
  /** Sizes of headings, the largest first. */
  headingSizes: number[];
  /** Between base lines of running text, in type sizes. */
  leading: number;
  /** Titles of the file's own outline, as titleKey() has them, with their level. */
  outline: ReadonlyMap<string, number>;
  /** How often each word comes, in small letters: what is hyphenated is looked up here. */
  words: ReadonlyMap<string, number>;
}

export function measureStyle(lines: readonly Line[], outline: ReadonlyMap<string, number>): Style {
  const sizes = new Map<number, number>();
  for (const { size, text, isMono } of lines) if (!isMono) count(sizes, half(size), text.length);
  const bodySize = mostCommon(sizes) ?? 10;
  const fonts = new Map<string, number>();
  const steps = new Map<number, number>();
  const words = new Map<string, number>();
  for (const [i, line] of lines.entries()) {
    if (half(line.size) === bodySize) count(fonts, line.font, line.text.length);
    const next = lines[i + 1];
    const step =
      next && next.page === line.page && next.flow === line.flow ? (next.y - line.y) / line.size : 0;
    if (step > 0.9 && step < 2.2 && half(line.size) === bodySize) count(steps, Math.round(step * 20) / 20, 1);
    for (const word of line.text.toLowerCase().match(/[\p{L}\p{M}]+(?:[-‐][\p{L}\p{M}]+)*/gu) ?? [])
      count(words, word, 1);
  }
  const total = [...fonts.values()].reduce((sum, share) => sum + share, 0);
  const bodyFonts = new Set([...fonts].filter(([, share]) => share > total * 0.2).map(([font]) => font));
  const large = new Map<number, number>();
  for (const { size, text } of lines) if (half(size) >= bodySize * 1.1) count(large, half(size), text.length);
  const headingSizes = [...large.keys()].sort((a, b) => b - a);
  return { bodySize, bodyFonts, headingSizes, leading: mostCommon(steps) ?? 1.2, outline, words };
}

/** Sizes are the same that differ by rounding. */
export function half(size: number): number {
  return Math.round(size * 2) / 2;
}

/** A title without numbers, blanks and signs: outlines leave out what the page has, or the other way round. */
export function titleKey(title: string): string {
  return title
    .toLowerCase()
    .replace(/^[\s\d.)(]+/, '')
    .replace(/[^\p{L}\p{N}]+/gu, '');
}

function count<Key>(counts: Map<Key, number>, key: Key, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}

function mostCommon<Key>(counts: ReadonlyMap<Key, number>): Key | undefined {
  let best: [Key, number] | undefined;
  for (const entry of counts) if (!best || entry[1] > best[1]) best = entry;
  return best?.[0];
}
