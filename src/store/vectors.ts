import type { ChunkColumns } from '../domain/chunk.ts';
import type { Database, Transaction } from './database.ts';
import type { VectorBlock } from './schema.ts';
import { blockRange } from './sweep.ts';

export async function readColumns(db: Database, generation: string): Promise<ChunkColumns | undefined> {
  const record = await db.read(['chunks'], tx => tx.objectStore('chunks').get(generation));
  return record?.columns;
}

/** The vector of one chunk, or undefined while it has none. */
export async function readVector(
  db: Database,
  generation: string,
  ordinal: number,
): Promise<Float32Array | undefined> {
  const block = await blockOf(db, generation, ordinal);
  return block && row(block, ordinal);
}

/** All blocks of a generation in order, one in memory at a time. */
export async function* vectorBlocks(db: Database, generation: string): AsyncGenerator<VectorBlock> {
  let next = 0;
  for (;;) {
    const range = blockRange(generation, next);
    const [block] = await db.read(['vectors'], tx => tx.objectStore('vectors').getAll(range, 1));
    if (!block) return;
    yield block;
    next = block.first + block.count;
  }
}

/** At most `limit` blocks of a generation in order, from the one on that begins at `first`. */
export function readBlocks(
  db: Database,
  generation: string,
  first: number,
  limit: number,
): Promise<VectorBlock[]> {
  return db.read(['vectors'], tx => tx.objectStore('vectors').getAll(blockRange(generation, first), limit));
}

/** How many vectors each block of a generation holds, in order, up to `done` of them. */
export async function blockSizes(db: Database, generation: string, done: number): Promise<number[]> {
  if (done === 0) return [];
  const range = IDBKeyRange.bound([generation, 0], [generation, done - 1]);
  const keys = await db.read(['vectors'], tx => tx.objectStore('vectors').getAllKeys(range));
  return keys.map(([, first], i) => (keys[i + 1]?.[1] ?? done) - first);
}

/** Reads single vectors, holding the block that was read last. */
export function vectorReader(
  db: Database,
): (generation: string, ordinal: number) => Promise<Float32Array | undefined> {
  let held: VectorBlock | undefined;
  return async (generation, ordinal) => {
    const inHeld =
      held?.generation === generation && ordinal >= held.first && ordinal < held.first + held.count;
    if (!inHeld) held = await blockOf(db, generation, ordinal);
    return held && row(held, ordinal);
  };
}

/** Blocks that are under way at a time: each is a hundred kilobytes, of which one vector is wanted. */
const AT_ONCE = 24;

/**
 * Calls `take` with vectors of some chunks, in any order; not with those that are gone. They are read in one
 * transaction, those of several files beside each other, and a block that holds several chunks once.
 */
export async function readVectors(
  db: Database,
  wanted: ReadonlyMap<string, readonly number[]>,
  take: (generation: string, ordinal: number, vector: Float32Array) => void,
  signal: AbortSignal,
): Promise<void> {
  if (wanted.size === 0) return;
  const left = [...wanted].reverse();
  await db.read(['vectors'], async tx => {
    const readNext = async () => {
      for (let next = left.pop(); next; next = left.pop()) {
        const [generation, ordinals] = next;
        let held: VectorBlock | undefined;
        for (const ordinal of ordinals.toSorted((a, b) => a - b)) {
          signal.throwIfAborted();
          const inHeld = held && ordinal < held.first + held.count;
          if (!inHeld) held = await blockWith(tx, generation, ordinal);
          if (held) take(generation, ordinal, row(held, ordinal));
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, readNext));
  });
}

function blockOf(db: Database, generation: string, ordinal: number): Promise<VectorBlock | undefined> {
  return db.read(['vectors'], tx => blockWith(tx, generation, ordinal));
}

async function blockWith(
  tx: Transaction,
  generation: string,
  ordinal: number,
): Promise<VectorBlock | undefined> {
  const range = IDBKeyRange.bound([generation, 0], [generation, ordinal]);
  const block = (await tx.objectStore('vectors').openCursor(range, 'prev'))?.value;
  return block && ordinal < block.first + block.count ? block : undefined;
}

function row(block: VectorBlock, ordinal: number): Float32Array {
  const dimensions = block.data.length / block.count;
  const at = (ordinal - block.first) * dimensions;
  return block.data.slice(at, at + dimensions);
}
