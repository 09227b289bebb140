import { VecdropError } from '../domain/errors.ts';
import { roomForPages } from './arena.ts';
import { TermDictionary } from './dictionary.ts';
import { seal, unseal } from './pieces.ts';
import { MOST_DOCUMENTS, Postings } from './postings.ts';
import type { RowRange } from './ranges.ts';
import { bestOf, type Ranking } from './ranking.ts';
import { withRoom } from './room.ts';
import { type QueryTerms, TermReader } from './terms.ts';

/** What a saved index is called, and the version of what is saved: of its layout, and of what terms are. */
const KIND = 'words';
const VERSION = 2;
/** How soon more of the same word stops to count, and how much a long chunk is held back: the usual values. */
const K1 = 1.2;
const B = 0.75;
/** What words that only begin as the query does count for, against the word itself. */
const BEGINNING = 0.5;
/** Removed chunks stay among the postings until they are this share of all. */
const SWEEP_AT = 0.25;
/** The row of a document that was removed. */
const GONE = -1;

/**
 * Which words are in which rows, ranked by BM25 (Robertson and Zaragoza, 2009) with the idf that is never negative:
 * Σ ln(1 + (N − n + ½) / (n + ½)) · f (k1 + 1) / (f + k1 (1 − b + b · length / mean length)), where lengths count
 * terms, N rows, and n those that have the term. A beginning is one term whose occurrences are those of all words that
 * begin so, at half the weight.
 */
export class KeywordIndex {
  /** Bytes that it may hold from now on, give or take a page: what it holds already stays. */
  budget: number;
  private readonly reader = new TermReader();
  private dictionary = new TermDictionary();
  private postings = new Postings();
  /** Texts have numbers of their own, in the order they came, so that a row may be given to another. */
  private documents = 0;
  private rowOf = new Int32Array(1024);
  private lengthOf = new Uint32Array(1024);
  /** Document + 1 of each row; 0 for none. */
  private documentOf = new Uint32Array(1024);
  private top = 0;
  private live = 0;
  private totalLength = 0;
  /** What the postings of one term are read into. */
  private found = { documents: new Uint32Array(0), times: new Uint8Array(0) };

  constructor({ budget = Number.POSITIVE_INFINITY }: KeywordOptions = {}) {
    this.budget = budget;
  }

  /** Rows that have a text. */
  get count(): number {
    return this.live;
  }

  /** One more than the highest row that ever had a text. */
  get rows(): number {
    return this.top;
  }

  /** Bytes of memory held. */
  get bytes(): number {
    const { rowOf, lengthOf, documentOf, found } = this;
    const own = [rowOf, lengthOf, documentOf, found.documents, found.times];
    const others = this.dictionary.bytes + this.postings.bytes;
    return own.reduce((sum, { byteLength }) => sum + byteLength, others);
  }

  has(row: number): boolean {
    return row < this.top && this.documentOf[row] !== 0;
  }

  /** Gives a row its text; what it had before is gone. Throws 'search/full' where there is no memory for it. */
  set(row: number, text: string): void {
    if (this.bytes >= this.budget) throw full(this.budget);
    if (this.has(row)) this.drop(row);
    const document = this.documents;
    if (document >= MOST_DOCUMENTS)
      throw new RangeError(`An index holds ${MOST_DOCUMENTS} texts at the most.`);
    this.makeRoom(row);
    this.documents++;
    // Until all of it is in: where memory ends in its middle, it never was.
    this.rowOf[document] = GONE;
    const { count, units, starts, ends } = this.reader.read(text);
    for (let i = 0; i < count; i++) {
      const term = this.dictionary.intern(units, starts[i] as number, ends[i] as number);
      this.postings.add(term, document);
    }
    this.rowOf[document] = row;
    this.lengthOf[document] = count;
    this.documentOf[row] = document + 1;
    this.top = Math.max(this.top, row + 1);
    this.live++;
    this.totalLength += count;
  }

  /** Takes the texts of these rows away. */
  remove({ first, end }: RowRange): void {
    for (let row = first; row < Math.min(end, this.top); row++) if (this.has(row)) this.drop(row);
  }

  /** The `k` rows with the highest scores above 0, within some ranges or all. */
  topK(query: QueryTerms, k: number, within?: readonly RowRange[]): Ranking {
    return bestOf(this.scores(query), k, within);
  }

  /** The score of each row; 0 for none of the words. */
  scores(query: QueryTerms): Float64Array {
    const result = new Float64Array(this.top);
    for (const word of query.whole) {
      const term = this.termOf(word);
      if (term >= 0) this.addScores(this.readTerm(term), 1, result);
    }
    for (const beginning of query.beginnings) {
      this.addScores(this.readAll(this.dictionary.beginningWith(beginning)), BEGINNING, result);
    }
    return result;
  }

  /** How many rows have a term, as queryTerms gives it. */
  frequency(word: string): number {
    const term = this.termOf(word);
    return term < 0 ? 0 : this.readTerm(term).count;
  }

  /** The index as pieces to be saved; it must not change until the last was taken. */
  save(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    const { documents, top, live, totalLength } = this;
    return seal(
      KIND,
      VERSION,
      { documents, rows: top, count: live, totalLength, terms: this.dictionary.size },
      {
        rowOf: this.rowOf.subarray(0, documents),
        lengthOf: this.lengthOf.subarray(0, documents),
        ...this.dictionary.arrays(),
        ...this.postings.arrays(this.dictionary.size),
      },
    );
  }

  /** An index as it was saved. Throws as `unseal` does, and 'search/full' where the budget does not hold it. */
  static async load(
    pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
    options: KeywordOptions = {},
  ): Promise<KeywordIndex> {
    const index = new KeywordIndex(options);
    let pages: Record<string, Uint8Array<ArrayBuffer>> = {};
    const saved = await unseal(KIND, VERSION, pieces, (numbers, lengths) => {
      if (Object.values(lengths).reduce((sum, length) => sum + length, 0) > index.budget)
        throw full(index.budget);
      const { documents = 0, rows = 0, count = 0, totalLength = 0 } = numbers;
      Object.assign(index, { documents, top: rows, live: count, totalLength });
      const bytes = (name: string) => new Uint8Array(lengths[name] ?? 0);
      const halves = (name: string) => new Uint16Array((lengths[name] ?? 0) / 2);
      const words = (name: string) => new Uint32Array((lengths[name] ?? 0) / 4);
      pages = roomForPages(lengths);
      return {
        rowOf: new Int32Array(documents),
        lengthOf: words('lengthOf'),
        units: halves('units'),
        termEnds: words('termEnds'),
        firsts: words('firsts'),
        lasts: words('lasts'),
        befores: words('befores'),
        ends: words('ends'),
        rooms: halves('rooms'),
        kinds: bytes('kinds'),
        ...pages,
      };
    });
    index.dictionary = new TermDictionary(saved);
    index.postings = new Postings(saved, Object.values(pages));
    index.rowOf = saved.rowOf;
    index.lengthOf = saved.lengthOf;
    index.documentOf = new Uint32Array(index.top);
    for (const [document, row] of saved.rowOf.entries())
      if (row !== GONE) index.documentOf[row] = document + 1;
    return index;
  }

  /** The number of a term; -1 where no text has it. */
  private termOf(word: string): number {
    const units = Array.from(word, (_, i) => word.charCodeAt(i));
    return this.dictionary.find(units, 0, units.length);
  }

  /** The documents of a term that are not gone, and how often it is in each; valid until the next call. */
  private readTerm(term: number): Occurrences {
    if (this.found.documents.length < this.documents) {
      const size = this.rowOf.length;
      this.found = { documents: new Uint32Array(size), times: new Uint8Array(size) };
    }
    const { documents, times } = this.found;
    const all = this.postings.read(term, this.found);
    if (this.live === this.documents) return { count: all, documents, times };
    let count = 0;
    for (let i = 0; i < all; i++) {
      const document = documents[i] as number;
      if (this.rowOf[document] === GONE) continue;
      documents[count] = document;
      times[count++] = times[i] as number;
    }
    return { count, documents, times };
  }

  /** The same of some terms taken as one. */
  private readAll(terms: readonly number[]): Occurrences {
    const [only] = terms;
    if (only === undefined) return { count: 0, documents: [], times: [] };
    if (terms.length === 1) return this.readTerm(only);
    const sums = new Uint32Array(this.documents);
    for (const term of terms) {
      const { count, documents, times } = this.readTerm(term);
      for (let i = 0; i < count; i++) {
        const document = documents[i] as number;
        sums[document] = (sums[document] as number) + (times[i] as number);
      }
    }
    const { documents } = this.found;
    let count = 0;
    for (let document = 0; document < sums.length; document++) {
      const times = sums[document] as number;
      if (times === 0) continue;
      sums[count] = times;
      documents[count++] = document;
    }
    return { count, documents, times: sums };
  }

  /** Adds what rows score for a term, or for some taken as one. */
  private addScores({ count, documents, times }: Occurrences, weight: number, scores: Float64Array): void {
    const idf = weight * Math.log(1 + (this.live - count + 0.5) / (count + 0.5));
    const mean = this.totalLength / this.live;
    for (let i = 0; i < count; i++) {
      const document = documents[i] as number;
      const f = times[i] as number;
      const norm = K1 * (1 - B + (B * (this.lengthOf[document] as number)) / mean);
      const row = this.rowOf[document] as number;
      scores[row] = (scores[row] as number) + (idf * f * (K1 + 1)) / (f + norm);
    }
  }

  private drop(row: number): void {
    const document = (this.documentOf[row] as number) - 1;
    this.documentOf[row] = 0;
    this.rowOf[document] = GONE;
    this.live--;
    this.totalLength -= this.lengthOf[document] as number;
    const gone = this.documents - this.live;
    if (gone > 1024 && gone > SWEEP_AT * this.documents) this.sweep();
  }

  /** Leaves out what was removed, and gives the rest new numbers in the same order. */
  private sweep(): void {
    const numbers = new Int32Array(this.documents);
    let live = 0;
    for (let document = 0; document < this.documents; document++) {
      numbers[document] = this.rowOf[document] === GONE ? GONE : live++;
    }
    this.postings = this.postings.renumbered(numbers, this.dictionary.size);
    for (let document = 0; document < this.documents; document++) {
      const number = numbers[document] as number;
      if (number === GONE) continue;
      const row = this.rowOf[document] as number;
      this.rowOf[number] = row;
      this.lengthOf[number] = this.lengthOf[document] as number;
      this.documentOf[row] = number + 1;
    }
    this.documents = live;
  }

  private makeRoom(row: number): void {
    this.rowOf = withRoom(this.rowOf, this.documents + 1);
    this.lengthOf = withRoom(this.lengthOf, this.documents + 1);
    this.documentOf = withRoom(this.documentOf, row + 1);
  }
}

export interface KeywordOptions {
  /** Bytes that the index may hold. */
  budget?: number;
}

function full(budget: number): VecdropError {
  return new VecdropError(
    'search/full',
    `More words than ${Math.round(budget / 1e6)} MB of memory hold: the newest are not found by words. Split the collection in two.`,
  );
}

/** In which documents something is, the first `count` of them, in order. */
interface Occurrences {
  count: number;
  documents: ArrayLike<number>;
  times: ArrayLike<number>;
}
