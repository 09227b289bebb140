import { type ChunkColumns, contextAt, hashKey } from '../domain/chunk.ts';
import { VecdropError } from '../domain/errors.ts';
import type { Recipe } from '../domain/recipe.ts';
import { CALL_TOKENS } from '../embed/calls.ts';
import type { EmbedInput } from '../embed/embedder.ts';
import type { Database } from '../store/database.ts';
import { textReader } from '../store/documents.ts';
import { commitBlock } from '../store/queue.ts';
import type { FileRecord, Generation } from '../store/schema.ts';
import { readColumns, vectorReader } from '../store/vectors.ts';
import type { Tokenizer } from '../tokenize/tokenizer.ts';

/** A block of vectors is committed at this many chunks, or after this long, whichever is first. */
const BLOCK_CHUNKS = 64;
const BLOCK_MS = 2_000;

export interface JobOptions {
  db: Database;
  file: FileRecord;
  generation: Generation;
  columns: ChunkColumns;
  recipe: Recipe;
  tokenizer: Tokenizer;
  /** Generations of the same way of embedding, whose vectors serve where the text is the same. */
  reuse: readonly Generation[];
  clock: () => number;
}

/** Work on one file whose chunks are known: hands out what to embed, takes vectors back in any order, commits them in order. */
export interface Job {
  readonly fileId: string;
  readonly path: string;
  readonly generationId: string;
  readonly chunks: number;
  /** Chunks with a vector, committed or about to be. */
  readonly done: number;
  /** Tokens of the chunks that were not handed out yet. */
  readonly unissuedTokens: number;
  /** Aborted when the file is cancelled, removed or changed, or the queue stops. */
  readonly signal: AbortSignal;
  abort(): void;
  /** The next texts to embed, or undefined when all are handed out. */
  next(): Promise<{ first: number; inputs: EmbedInput[] } | undefined>;
  /** Vectors of the `count` chunks from `first` on, row-major. */
  accept(first: number, count: number, data: Float32Array): Promise<void>;
  /** Commits what is there without a gap. */
  flush(): Promise<void>;
  /** Whether every vector is committed. */
  readonly whole: boolean;
  pageOf(ordinal: number): number;
}

export async function createJob(options: JobOptions): Promise<Job> {
  const { db, file, generation, columns, recipe, tokenizer, clock } = options;
  const controller = new AbortController();
  const textOf = textReader(db, generation.document);
  const reused = await reusable(db, options.reuse);
  const readVector = vectorReader(db);
  const ready = new Map<number, Float32Array>();
  let issued = generation.done;
  let committed = generation.done;
  let unissuedTokens = 0;
  for (let i = issued; i < columns.count; i++) unissuedTokens += columns.tokens[i] ?? 0;
  let lastCommit = clock();
  let writing: Promise<void> = Promise.resolve();

  /** Vectors ready without a gap behind what is committed. */
  const contiguous = () => {
    let count = 0;
    while (count < BLOCK_CHUNKS && ready.has(committed + count)) count += 1;
    return count;
  };

  async function commitReady(atLeast: number): Promise<void> {
    for (let count = contiguous(); count > 0 && count >= atLeast; count = contiguous()) {
      const rows = Array.from({ length: count }, (_, i) => ready.get(committed + i) as Float32Array);
      const dimensions = rows[0]?.length ?? 0;
      const data = new Float32Array(count * dimensions);
      for (const [i, row] of rows.entries()) data.set(row, i * dimensions);
      const block = { generation: generation.id, first: committed, count, data };
      // Gone from the queue meanwhile: nothing more to do for this file.
      if (!(await commitBlock(db, file.id, block))) return controller.abort();
      for (let i = 0; i < count; i++) ready.delete(committed + i);
      committed += count;
      lastCommit = clock();
    }
  }

  /** One commit after the other, each seeing what the one before left. */
  function commit(atLeast: () => number): Promise<void> {
    const turn = writing.then(() => commitReady(atLeast()));
    writing = turn.catch(() => {});
    return turn;
  }

  async function takeReused(ordinal: number): Promise<boolean> {
    const source = reused.size > 0 ? reused.get(hashKey(columns, ordinal)) : undefined;
    const vector = source && (await readVector(source.generation, source.ordinal));
    if (vector?.length !== recipe.dimensions) return false;
    ready.set(ordinal, vector);
    return true;
  }

  return {
    fileId: file.id,
    path: file.path,
    generationId: generation.id,
    chunks: columns.count,
    signal: controller.signal,
    get done() {
      return committed + ready.size;
    },
    get unissuedTokens() {
      return unissuedTokens;
    },
    get whole() {
      return committed === columns.count;
    },
    abort: () => controller.abort(),
    async next() {
      const inputs: EmbedInput[] = [];
      let first = issued;
      let tokens = 0;
      while (issued < columns.count) {
        const cost = columns.tokens[issued] ?? 0;
        if (inputs.length > 0 && tokens + cost > CALL_TOKENS) break;
        if (await takeReused(issued)) {
          unissuedTokens -= cost;
          issued += 1;
          if (inputs.length > 0) break;
          first = issued;
          if (ready.size >= BLOCK_CHUNKS) await commit(() => BLOCK_CHUNKS);
          continue;
        }
        const start = columns.starts[issued] ?? 0;
        const end = columns.ends[issued] ?? start;
        const piece = await textOf(start, end);
        // Never the vector of another text than the chunk's own.
        if (piece.length < end - start) {
          throw new VecdropError(
            'file/unreadable',
            'Part of this file’s text is missing from the database. Add the file again.',
          );
        }
        const text = recipe.documentPrefix + contextAt(columns, issued) + piece;
        inputs.push({ text, ids: tokenizer.encode(text).ids });
        tokens += cost;
        unissuedTokens -= cost;
        issued += 1;
      }
      return inputs.length > 0 ? { first, inputs } : undefined;
    },
    async accept(first, count, data) {
      const dimensions = data.length / count;
      for (let i = 0; i < count; i++)
        ready.set(first + i, data.subarray(i * dimensions, (i + 1) * dimensions));
      await commit(() => (clock() - lastCommit >= BLOCK_MS ? 1 : BLOCK_CHUNKS));
    },
    flush: () => commit(() => 1),
    pageOf: ordinal => columns.pages[ordinal] ?? 0,
  };
}

async function reusable(
  db: Database,
  generations: readonly Generation[],
): Promise<Map<string, { generation: string; ordinal: number }>> {
  const found = new Map<string, { generation: string; ordinal: number }>();
  for (const { id, done } of generations) {
    const columns = await readColumns(db, id);
    if (!columns) continue;
    for (let ordinal = 0; ordinal < done; ordinal++)
      found.set(hashKey(columns, ordinal), { generation: id, ordinal });
  }
  return found;
}
