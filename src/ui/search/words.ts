import type { ChunkPlace, SearchAnswer, SearchHit } from '../../domain/search.ts';
import { number, plural, splitPath } from '../parts/format.ts';

type Place = Pick<SearchHit, 'page' | 'headings' | 'lines'>;

/** 'lines 40–42', 'line 40' */
function linesWords({ lines }: Place): string | undefined {
  if (!lines) return undefined;
  const { first, last } = lines;
  return first === last ? `line ${number(first)}` : `lines ${number(first)}–${number(last)}`;
}

/** Where a hit stands, in short: 'page 17 · Slack water', 'lines 40–42 · Working times'. */
export function placeWords(place: Place): string {
  const { page, headings } = place;
  // Lines are of the text that was read out of a document: who has pages looks for a page. The number goes first: where
  // there is little room, the end is cut.
  const where = page === undefined ? linesWords(place) : `page ${number(page)}`;
  return [where, headings.at(-1)].filter(Boolean).join(' · ');
}

/** .71 as tables print it; 1.00 for what is all the same. */
export function scoreWords(score: number): string {
  return score.toFixed(2).replace(/^(-?)0\./, '$1.');
}

/**
 * What a hit shows at its right. Scores compare the hits of one answer, and the best of bad ones is near 1 all the same:
 * where nothing is close the cosine is shown, which says so; undefined where there is none.
 */
export function shownScore(
  { score, cosine }: Pick<SearchHit, 'score' | 'cosine'>,
  weak: boolean,
): { name: 'score' | 'cosine'; value: string } | undefined {
  if (!weak) return { name: 'score', value: scoreWords(score) };
  return cosine === undefined ? undefined : { name: 'cosine', value: scoreWords(cosine) };
}

/** A text with where it is from, as Markdown and mail write quotations. */
export function quotation(hit: Place & Pick<SearchHit, 'path'>, text: string): string {
  const lines = text.trim().split('\n');
  const source = [
    hit.path,
    hit.page === undefined ? undefined : `page ${number(hit.page)}`,
    hit.headings.length > 0 ? hit.headings.join(' › ') : undefined,
    linesWords(hit),
  ];
  const quoted = [...lines, '', `— ${source.filter(Boolean).join(', ')}`];
  return quoted.map(line => (line === '' ? '>' : `> ${line}`)).join('\n');
}

/** '9 places in 4 files · 6 ms' */
export function countWords({ hits, ms }: SearchAnswer): string {
  const files = new Set(hits.map(({ fileId }) => fileId)).size;
  const places = files === 0 ? 'No places' : `${plural(hits.length, 'place')} in ${plural(files, 'file')}`;
  return `${places} · ${number(Math.max(1, ms))} ms`;
}

/** A query as far as a sentence has room for it. */
export function shortened(query: string, most = 80): string {
  const letters = [...query];
  return letters.length <= most ? query : `${letters.slice(0, most).join('').trimEnd()}…`;
}

/** What was folded into a hit: 'Nearly the same in a.md and 2 more places'. */
export function foldedWords(folded: SearchHit['folded']): string | undefined {
  const [first, ...rest] = folded;
  if (!first) return undefined;
  const name = splitPath(first.path)[1];
  return rest.length === 0
    ? `Nearly the same in ${name}`
    : `Nearly the same in ${name} and ${plural(rest.length, 'more place')}`;
}

/** Where else a chunk's text stands: '3 places in 2 other files'. */
export function sameWords(places: readonly ChunkPlace[], ownFile: string): string {
  const files = new Set(places.map(({ fileId }) => fileId));
  const others = files.size - (files.has(ownFile) ? 1 : 0);
  const where = others === 0 ? 'this file' : `${number(others)} other ${others === 1 ? 'file' : 'files'}`;
  return `${plural(places.length, 'place')} in ${where}${others > 0 && files.has(ownFile) ? ' and this one' : ''}`;
}

/** The slider's place, for those who do not see it. */
export function balanceWords(balance: number): string {
  if (balance === 1) return 'Meaning only';
  if (balance === 0) return 'Words only';
  const meaning = Math.round(balance * 100);
  return `${meaning}% meaning, ${100 - meaning}% words`;
}

/** That no hit is a good one, and what they are; undefined where some are. */
export function weakWords({ weak, hits }: Pick<SearchAnswer, 'weak' | 'hits'>): string | undefined {
  if (!weak) return undefined;
  return hits.some(({ words }) => words !== undefined)
    ? 'No close match in meaning. These share words with the query, or are the nearest to it.'
    : 'No close match in meaning. These are the nearest.';
}

/** Share of chunks that may be farther from the middle than one that stands apart. */
const APART = 0.01;

/** That a chunk is like few others of its collection; undefined where it is not, or where they are too few to tell. */
export function apartWords({
  farther,
  chunks,
}: Pick<SearchAnswer, 'farther' | 'chunks'>): string | undefined {
  const count = chunks.meaning;
  if (farther === undefined || farther >= Math.floor(APART * count)) return undefined;
  return `Stands apart: of ${plural(count, 'chunk')} ${farther === 0 ? 'none is' : farther === 1 ? 'one is' : `${number(farther)} are`} farther from the middle of all.`;
}
