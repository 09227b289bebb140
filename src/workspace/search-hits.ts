import type { ChunkPlace, ChunkValues, SearchAnswer, SearchHit, SearchQuery } from '../domain/search.ts';
import { byFile, diverse, folded, type Rowwise } from '../search/arrange.ts';
import { type Found, find } from '../search/hybrid.ts';
import { excerpt } from '../search/marks.ts';
import type { VectorMatrix } from '../search/matrix.ts';
import { closenessTo, fartherThan, middleOf } from '../search/middle.ts';
import { nearest } from '../search/nearest.ts';
import type { RowRange } from '../search/ranges.ts';
import { type QueryTerms, queryTerms, TermReader } from '../search/terms.ts';
import type { TextSpan } from '../store/search-records.ts';
import type { Searched, SearchedPart } from './search-part.ts';

/** What the index itself can say of an answer. */
export type FoundHits = Pick<SearchAnswer, 'hits' | 'chunks' | 'notice' | 'behind' | 'weak' | 'farther'>;

export interface HitReaders<Index extends Searched> {
  /** Texts of spans in their order; '' for what is gone. */
  spans: (spans: readonly (TextSpan & { row: number })[]) => Promise<string[]>;
  /** Gives the stored vectors of rows; see search/nearest.ts. */
  vectors: (index: Index, rows: Int32Array) => Promise<Float32Array>;
}

/** UTF-16 units of a hit's excerpt. */
const EXCERPT = 320;
/** Before an excerpt that does not begin with the chunk. */
const CUT = '… ';
/** Units of a chunk that are looked through for its best part. */
const MOST_READ = 20_000;
/** Candidates of each side: so many times the hits wanted, and not fewer than. */
const TIMES = 4;
const FEWEST = 200;
/** Of these so many times the hits wanted are compared with each other. */
const COMPARED = 2;

/**
 * Closeness of what answers nothing, and of what is no closer than any other; see docs/BENCHMARKS.md for where answers
 * were seen to lie. So many hits stay whatever they are: a list that ends is no verdict.
 */
const WEAK = 0.2;
const FAR = 0.1;
const STAY = 10;

type FoundRow = Found & { folded?: number[] };

/** Hits of a query, by its words and, where it is given, its vector. */
export async function findHits<Index extends Searched>(
  index: Index,
  readers: HitReaders<Index>,
  query: SearchQuery,
  vector: Float32Array | undefined,
): Promise<FoundHits> {
  const { limit, balance, fold, diversity = 0 } = query;
  // As of now: what comes while hits are put together is not among them.
  const now = standing(index);
  const terms = queryTerms(query.text, true);
  const within = rangesOf(index, query);
  const { matrix, words } = index;
  const all = await find(
    { words, read: rows => readers.vectors(index, rows), ...(matrix ? { matrix } : {}) },
    {
      terms,
      balance,
      most: Math.max(FEWEST, TIMES * limit),
      ...(vector && matrix ? { vector } : {}),
      ...(within ? { within } : {}),
    },
  );
  const closeness = closenessOf(matrix, vector);
  const weak = closeness !== undefined && all.length > 0 && !all.some(hit => closeness(hit) >= WEAK);
  const found =
    query.trim && closeness
      ? all.filter((hit, i) => i < STAY || hit.words !== undefined || closeness(hit) >= FAR)
      : all;
  const rowwise: Rowwise = {
    vector: row => matrix?.direction(row),
    sameText: (a, b) => index.sameText(a, b),
  };
  const compared: FoundRow[] = fold ? folded(found.slice(0, COMPARED * limit), rowwise) : found;
  const chosen =
    diversity > 0
      ? diverse(compared.slice(0, COMPARED * limit), limit, diversity, rowwise)
      : compared.slice(0, limit);
  const hits = await toHits(index, readers, chosen, tellingTerms(index, terms));
  return {
    ...now,
    hits: query.byFile ? byFile(hits, ({ fileId }) => fileId) : hits,
    ...(weak ? { weak } : {}),
  };
}

/** Tells how close a hit is in meaning, as far as what is usual in the collection can be told. */
function closenessOf(
  matrix: VectorMatrix | undefined,
  vector: Float32Array | undefined,
): ((hit: Found) => number) | undefined {
  const middle = matrix && vector && middleOf(matrix);
  const closeness = vector && middle && closenessTo(vector, middle);
  return closeness && (({ cosine }) => (cosine === undefined ? 0 : closeness(cosine)));
}

/** Chunks nearest to one of the collection's, that one left out; none where it has no vector. */
export async function similarHits<Index extends Searched>(
  index: Index,
  readers: HitReaders<Index>,
  { fileId, ordinal }: ChunkPlace,
  limit: number,
): Promise<FoundHits> {
  const now = standing(index);
  const { matrix } = index;
  const part = index.partOf(fileId);
  const row = part && ordinal < part.range.end - part.range.first ? part.range.first + ordinal : -1;
  const vector = row < 0 ? undefined : matrix?.direction(row);
  if (!matrix || !vector) return { ...now, hits: [] };
  const { rows, scores } = await nearest(matrix, vector, limit + 1, wanted => readers.vectors(index, wanted));
  const found = Array.from(rows, (found, i) => {
    const cosine = scores[i] as number;
    return { row: found, cosine, score: Math.min(1, Math.max(0, cosine)) };
  });
  const others = found.filter(hit => hit.row !== row).slice(0, limit);
  const farther = fartherThan(matrix, row);
  return {
    ...now,
    hits: await toHits(index, readers, others, { whole: [], beginnings: [] }),
    ...(farther === undefined ? {} : { farther }),
  };
}

/** The score of every chunk: both sides spread from the least to the best of all, 0 for what was not found. */
export function allScores(
  index: Searched,
  query: SearchQuery,
  vector: Float32Array | undefined,
): ChunkValues {
  const { matrix, words } = index;
  const within = rangesOf(index, query);
  const cosines = matrix && vector && query.balance > 0 ? matrix.scores(vector) : undefined;
  const matches =
    !cosines || query.balance < 1 ? words.scores(queryTerms(query.text, true)) : new Float64Array();
  const meaning = cosines ? query.balance : 0;
  let least = 1;
  let most = -1;
  let best = 0;
  const parts = index.files();
  const rowsOf = ({ range: { first, end } }: SearchedPart) => ({ first, end });
  const begins = within && new Set(within.map(({ first }) => first));
  const looked = new Set(parts.filter(({ range }) => !begins || begins.has(range.first)));
  for (const { first, end } of Array.from(looked, rowsOf)) {
    for (let row = first; row < end; row++) {
      best = Math.max(best, matches[row] ?? 0);
      if (!cosines || !matrix?.has(row)) continue;
      least = Math.min(least, cosines[row] as number);
      most = Math.max(most, cosines[row] as number);
    }
  }
  const values = new Float32Array(parts.reduce((sum, { range }) => sum + range.end - range.first, 0));
  let at = 0;
  for (const part of parts) {
    const { first, end } = part.range;
    if (looked.has(part)) {
      for (let row = first; row < end; row++) {
        const near =
          cosines && matrix?.has(row) && most > least
            ? ((cosines[row] as number) - least) / (most - least)
            : 0;
        const word = best > 0 ? (matches[row] ?? 0) / best : 0;
        values[at + row - first] = meaning * near + (1 - meaning) * word;
      }
    }
    at += end - first;
  }
  return {
    files: parts.map(({ file, range }) => ({ fileId: file.id, count: range.end - range.first })),
    values,
  };
}

/** What more of the chunks have than not says nothing about any of them. */
const COMMON = 0.5;
/** Among fewer chunks any word is common. */
const FEW_CHUNKS = 20;

/** The words of a query that are worth a mark: those that tell chunks from each other, or all where none does. */
export function tellingTerms({ words }: Pick<Searched, 'words'>, terms: QueryTerms): QueryTerms {
  if (words.count < FEW_CHUNKS) return terms;
  const common = new Set(terms.whole.filter(term => words.frequency(term) > COMMON * words.count));
  const telling = ({ whole, beginnings }: QueryTerms): QueryTerms => ({
    whole: whole.filter(term => !common.has(term)),
    beginnings: beginnings.filter(term => !common.has(term)),
  });
  return common.size < terms.whole.length ? telling(terms) : terms;
}

function standing(index: Searched): Omit<FoundHits, 'hits'> {
  return {
    chunks: { words: index.words.count, meaning: index.matrix?.count ?? 0 },
    ...(index.notice === undefined ? {} : { notice: index.notice }),
    ...(index.behind ? { behind: true } : {}),
  };
}

/** Rows of the files that a query asks for; undefined for all. */
function rangesOf(index: Searched, { fileIds, folder, formats }: SearchQuery): RowRange[] | undefined {
  if (!fileIds && !folder && !formats) return undefined;
  const ids = fileIds && new Set(fileIds);
  return index
    .files()
    .filter(
      ({ file }) =>
        (!ids || ids.has(file.id)) &&
        (!folder || file.path.startsWith(folder)) &&
        (!formats || (file.format !== undefined && formats.includes(file.format))),
    )
    .map(({ range }) => range);
}

/** Rows as a person sees them. What was removed meanwhile is left out. */
async function toHits<Index extends Searched>(
  index: Index,
  { spans }: HitReaders<Index>,
  found: readonly FoundRow[],
  terms: QueryTerms,
): Promise<SearchHit[]> {
  const placed = found.flatMap(hit => {
    const part = index.partAt(hit.row);
    return part ? [{ hit, part, i: hit.row - part.range.first }] : [];
  });
  const texts = await spans(
    placed.map(({ hit: { row }, part, i }) => {
      const start = part.columns.starts[i] ?? 0;
      return {
        row,
        document: part.document,
        start,
        end: Math.min(part.columns.ends[i] ?? 0, start + MOST_READ),
      };
    }),
  );
  const reader = new TermReader();
  return placed.flatMap(({ hit: { row: _, folded: same = [], ...scores }, part, i }, n) => {
    const { starts, ends, pages, headingPaths, headingOf, firstLines, lastLines } = part.columns;
    const start = starts[i] ?? 0;
    const end = ends[i] ?? 0;
    const text = texts[n] ?? '';
    if (text === '' && end > start) return [];
    const page = pages[i] ?? 0;
    const first = firstLines[i] ?? 0;
    const shown = excerpt(text, terms, EXCERPT, reader);
    const before = shown.start > 0 ? CUT : '';
    return {
      fileId: part.file.id,
      ordinal: i,
      path: part.file.path,
      start,
      end,
      headings: headingPaths[headingOf[i] ?? 0] ?? [],
      ...(page > 0 ? { page } : {}),
      ...(first > 0 ? { lines: { first, last: lastLines[i] ?? first } } : {}),
      ...scores,
      excerpt: before + shown.text,
      marks: shown.marks.map(([from, to]): [number, number] => [from + before.length, to + before.length]),
      folded: same.flatMap(row => {
        const other = index.partAt(row);
        return other
          ? [{ fileId: other.file.id, ordinal: row - other.range.first, path: other.file.path }]
          : [];
      }),
    };
  });
}
