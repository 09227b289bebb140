import type { KeywordIndex } from './bm25.ts';
import type { VectorMatrix } from './matrix.ts';
import { nearest, type ReadVectors } from './nearest.ts';
import type { RowRange } from './ranges.ts';
import { bestOf, type Ranking } from './ranking.ts';
import type { QueryTerms } from './terms.ts';

/** A row that was found. */
export interface Found {
  row: number;
  /** 0 to 1: what rows are ordered by. */
  score: number;
  /** Where meaning had a say. */
  cosine?: number;
  /** BM25, where words had a say. */
  words?: number;
}

/** What is looked for: a side without its part has no say, whatever the balance. */
export interface Wanted {
  /** The query's vector. */
  vector?: Float32Array;
  terms?: QueryTerms;
  /** 0 for words alone, 1 for meaning alone. */
  balance: number;
  /** Candidates of each side. */
  most: number;
  within?: readonly RowRange[];
}

/** What is looked through. */
export interface Indexes {
  matrix?: VectorMatrix;
  words?: KeywordIndex;
  read: ReadVectors;
}

/**
 * The best rows by words, by meaning, or by both, the best first. One side alone: the score is the cosine, or BM25
 * against the best match. Both: the weighted mean of the two over the candidates of either, cosines spread from the
 * last candidate of meaning (0) to the first (1), BM25 from no word at all (0) to the best match (1). Equal scores are
 * ordered by row.
 */
export async function find({ matrix, words, read }: Indexes, wanted: Wanted): Promise<Found[]> {
  const { vector, terms, balance, most, within } = wanted;
  const meant = matrix && vector ? { matrix, vector } : undefined;
  const worded = words && terms ? { words, terms } : undefined;
  const byMeaning = balance > 0 || !worded ? meant : undefined;
  const byWords = balance < 1 || !meant ? worded : undefined;
  const cosines = byMeaning && (await nearest(byMeaning.matrix, byMeaning.vector, most, read, within));
  const wordScores = byWords?.words.scores(byWords.terms);
  const matches = wordScores && bestOf(wordScores, most, within);
  if (!cosines) return matches ? wordsAlone(matches) : [];
  if (!matches) return meaningAlone(cosines);

  const others = matches.rows.filter(row => byMeaning.matrix.has(row) && !cosines.rows.includes(row));
  const known = new Map(pairs(cosines));
  for (const [i, cosine] of byMeaning.matrix.cosines(byMeaning.vector, others).entries())
    known.set(others[i] as number, cosine);
  const rows = new Set([...cosines.rows, ...matches.rows]);
  const least = cosines.scores.at(-1) ?? 0;
  const range = (cosines.scores[0] ?? 0) - least;
  const bestMatch = matches.scores[0] ?? 1;
  const found = Array.from(rows, (row): Found => {
    const cosine = known.get(row);
    const score = wordScores[row] ?? 0;
    const meaning = cosine === undefined ? 0 : range > 0 ? clamp((cosine - least) / range) : 1;
    return {
      row,
      score: balance * meaning + (1 - balance) * (score / bestMatch),
      ...(cosine === undefined ? {} : { cosine }),
      ...(score > 0 ? { words: score } : {}),
    };
  });
  return found.sort((a, b) => b.score - a.score || a.row - b.row);
}

function wordsAlone(matches: Ranking): Found[] {
  const best = matches.scores[0] ?? 1;
  return pairs(matches).map(([row, score]) => ({ row, score: score / best, words: score }));
}

function meaningAlone(cosines: Ranking): Found[] {
  return pairs(cosines).map(([row, cosine]) => ({ row, score: clamp(cosine), cosine }));
}

function pairs({ rows, scores }: Ranking): [row: number, score: number][] {
  return Array.from(rows, (row, i) => [row, scores[i] as number]);
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}
