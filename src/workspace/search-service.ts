import { VecdropError } from '../domain/errors.ts';
import type { ChunkPlace, ChunkValues, SearchQuery } from '../domain/search.ts';
import { abortable } from '../rpc/abort-port.ts';
import { unlessAborted, wait } from '../rpc/wait.ts';
import { marks } from '../search/marks.ts';
import { queryTerms } from '../search/terms.ts';
import { type Database, openDatabase } from '../store/database.ts';
import { getFile } from '../store/files.ts';
import { createSpanReader } from '../store/search-records.ts';
import { readVectors } from '../store/vectors.ts';
import type { LikenessFacts } from './facts-api.ts';
import {
  allScores,
  type FoundHits,
  findHits,
  type HitReaders,
  similarHits,
  tellingTerms,
} from './search-hits.ts';
import { SearchIndex } from './search-index.ts';
import { likeness } from './search-likeness.ts';

/** How long a question waits for what was committed just before it. */
const PATIENCE_MS = 150;
/** A large index is made in minutes: whoever waits for it hears so often that it is under way. */
const PREPARING_MS = 10_000;
/**
 * Indexes held at once: that of the collection on screen, and one that a program may ask of, where it takes no more
 * than such a share of the memory.
 */
const MOST_INDEXES = 2;
const SHARE_BESIDE = 0.125;

type Readers = HitReaders<SearchIndex>;
type StoredReaders = Pick<Readers, 'spans'> & {
  vectors: (index: SearchIndex, rows: Int32Array, signal: AbortSignal) => Promise<Float32Array>;
};

/** Searches collections, in a worker of its own: it holds their indexes, and follows what any tab commits. */
export class SearchService {
  #db: Database | undefined;
  #readers: StoredReaders | undefined;
  /** The one last used is the last. */
  readonly #indexes = new Map<string, SearchIndex>();

  /** Before all else. `name` is the database's. */
  async open(name?: string): Promise<void> {
    // Whoever opened it before this worker says what there is to say of newer and older tabs.
    const db = await openDatabase({ ...(name === undefined ? {} : { name }), onBlocked: () => this.close() });
    this.#db = db;
    this.#readers = { spans: createSpanReader(db), vectors: storedVectors(db) };
    db.onChange(() => {
      for (const index of this.#indexes.values()) index.catchUp().catch(() => {});
    });
  }

  /**
   * Hits by words and, where a vector is given, by meaning. `budget`: bytes that indexes may take here. With `atOnce`
   * vectors that are held rounded are taken as they are, and the answer says so.
   */
  async search(
    collectionId: string,
    query: SearchQuery,
    vector: Float32Array | undefined,
    budget: number,
    atOnce: boolean,
    abort: MessagePort,
  ): Promise<FoundHits & { rounded?: true }> {
    return abortable(abort, async signal => {
      const { index, readers } = await this.#current(collectionId, budget);
      if (atOnce && vector && index.matrix?.packing === 'int8') {
        const found = await findHits(index, { ...readers, vectors: heldVectors }, query, vector);
        return { ...found, rounded: true };
      }
      // Who types on does not wait for it.
      const vectors: Readers['vectors'] = (index, rows) => readers.vectors(index, rows, signal);
      return findHits(index, { ...readers, vectors }, query, vector);
    });
  }

  /** Resolves with true when all that is stored of a collection is looked through, after some seconds with false. */
  async prepare(collectionId: string, budget: number): Promise<boolean> {
    const { index } = await this.#current(collectionId, budget);
    const rest = new AbortController();
    const late = wait(PREPARING_MS, rest.signal).then(
      () => false,
      () => false,
    );
    return Promise.race([index.catchUp().then(() => true), late]).finally(() => rest.abort());
  }

  /** Chunks nearest to one of them, of the same collection. */
  async similar(place: ChunkPlace, limit: number, budget: number): Promise<FoundHits> {
    const file = await getFile(this.#opened(), place.fileId);
    if (!file) throw new VecdropError('input/invalid', 'This file is no longer there. Choose another one.');
    const { index, readers } = await this.#current(file.collectionId, budget);
    const never = new AbortController().signal;
    const vectors: Readers['vectors'] = (index, rows) => readers.vectors(index, rows, never);
    return similarHits(index, { ...readers, vectors }, place, limit);
  }

  /** Which chunks are like each other, and which like none. Other questions are answered meanwhile. */
  async likeness(collectionId: string, budget: number, abort: MessagePort): Promise<LikenessFacts> {
    const { index } = await this.#current(collectionId, budget);
    return abortable(abort, async signal => {
      // Of half a collection it would be told as of the whole.
      await unlessAborted(index.catchUp(), signal);
      return likeness(index, async () => {
        // A turn of the event loop, which a microtask is not.
        await wait(0, signal);
      });
    });
  }

  /** The score of every chunk. */
  async scores(
    collectionId: string,
    query: SearchQuery,
    vector: Float32Array | undefined,
    budget: number,
  ): Promise<ChunkValues> {
    const { index } = await this.#current(collectionId, budget);
    return allScores(index, query, vector);
  }

  /** Where words of a query that tell something are in some texts. */
  marks(collectionId: string, query: string, texts: readonly string[]): [number, number][][] {
    const terms = queryTerms(query, true);
    const index = this.#indexes.get(collectionId);
    const telling = index ? tellingTerms(index, terms) : terms;
    return texts.map(text => marks(text, telling));
  }

  /** Bytes of the indexes held. */
  bytes(): number {
    return [...this.#indexes.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Saves all that has changed: whoever closes this worker does so first. */
  async save(): Promise<void> {
    for (const index of this.#indexes.values()) await index.save();
  }

  close(): void {
    for (const index of this.#indexes.values()) index.close();
    this.#indexes.clear();
    this.#db?.close();
    this.#db = undefined;
  }

  #opened(): Database {
    if (this.#db) return this.#db;
    throw new VecdropError('storage/failed', 'The search has no database. Reload the page.');
  }

  /** A collection's index with all that is stored, or as much as can be had in a moment. */
  async #current(
    collectionId: string,
    budget: number,
  ): Promise<{ index: SearchIndex; readers: StoredReaders }> {
    const db = this.#opened();
    const readers = this.#readers as StoredReaders;
    const known = this.#indexes.get(collectionId);
    this.#indexes.delete(collectionId);
    let room = budget;
    for (const [at, [id, other]] of [...this.#indexes].reverse().entries()) {
      if (at + 1 < MOST_INDEXES && other.bytes <= SHARE_BESIDE * budget) room -= other.bytes;
      else {
        this.#indexes.delete(id);
        // What could not be saved is made anew.
        other.retire().catch(() => {});
      }
    }
    const index = known ?? new SearchIndex(db, collectionId, room);
    this.#indexes.set(collectionId, index);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<void>(resolve => {
      timer = setTimeout(resolve, PATIENCE_MS);
    });
    try {
      await Promise.race([index.catchUp(), late]);
    } finally {
      clearTimeout(timer);
    }
    return { index, readers };
  }
}

/** Vectors that are kept: what was near one question is near what it becomes when it is typed on. */
const MOST_KEPT = 4_096;

/** Vectors of rows as the index holds them. */
const heldVectors: Readers['vectors'] = async ({ matrix }, rows) => {
  const dimensions = matrix?.dimensions ?? 0;
  const vectors = new Float32Array(rows.length * dimensions);
  for (const [i, row] of rows.entries()) {
    const vector = matrix?.direction(row);
    if (vector) vectors.set(vector, i * dimensions);
  }
  return vectors;
};

/** Reads vectors of rows from where they are stored; zeros for what is gone. A generation's never change. */
function storedVectors(db: Database): StoredReaders['vectors'] {
  const kept = new Map<string, Float32Array>();
  return async (index, rows, signal) => {
    const dimensions = index.matrix?.dimensions ?? 0;
    const keys = Array.from(rows, row => {
      const part = index.partAt(row);
      return part ? `${part.generation}/${row - part.range.first}` : '';
    });
    const missing = new Map<string, number[]>();
    for (const [i, key] of keys.entries()) {
      const part = index.partAt(rows[i] as number);
      if (!part || kept.has(key)) continue;
      const ordinal = (rows[i] as number) - part.range.first;
      const others = missing.get(part.generation);
      if (others) others.push(ordinal);
      else missing.set(part.generation, [ordinal]);
    }
    const keep = (generation: string, ordinal: number, vector: Float32Array) =>
      kept.set(`${generation}/${ordinal}`, vector);
    await readVectors(db, missing, keep, signal);
    const vectors = new Float32Array(rows.length * dimensions);
    for (const [i, key] of keys.entries()) {
      const vector = kept.get(key);
      if (!vector) continue;
      if (vector.length === dimensions) vectors.set(vector, i * dimensions);
      kept.delete(key);
      kept.set(key, vector);
    }
    for (const key of [...kept.keys()].slice(0, -MOST_KEPT)) kept.delete(key);
    return vectors;
  };
}
