import type { Database } from './database.ts';
import type { VectorBlock } from './schema.ts';

/** Vectors of a generation: those of the ordinals below `count`. */
export interface VectorSpan {
  generation: string;
  count: number;
}

/** Vectors of one read at the most: few enough for memory, enough to make up for a transaction. */
const ROWS_A_READ = 2048;

/**
 * The vectors of many generations, in order, as they are stored. One transaction reads several small generations or a
 * part of a large one, and the next is read while this one is worked on. What is missing is left out: count what comes.
 */
export async function* vectorBatches(
  db: Database,
  spans: readonly VectorSpan[],
): AsyncGenerator<Pick<VectorBlock, 'count' | 'data'>> {
  const batches = batchesOf(spans);
  const readNext = () => {
    const batch = batches.next().value;
    const read = batch && readBatch(db, batch);
    // Reported by whoever awaits it; nobody does when the work was given up.
    read?.catch(() => {});
    return read;
  };
  let coming = readNext();
  while (coming) {
    const blocks = await coming;
    coming = readNext();
    yield* blocks;
  }
}

interface Piece extends VectorSpan {
  from: number;
  to: number;
}

function* batchesOf(spans: readonly VectorSpan[]): Generator<Piece[], undefined> {
  let batch: Piece[] = [];
  let rows = 0;
  for (const span of spans) {
    for (let from = 0; from < span.count; from += ROWS_A_READ) {
      const to = Math.min(span.count, from + ROWS_A_READ);
      if (rows > 0 && rows + to - from > ROWS_A_READ) {
        yield batch;
        batch = [];
        rows = 0;
      }
      batch.push({ ...span, from, to });
      rows += to - from;
    }
  }
  if (batch.length > 0) yield batch;
  return undefined;
}

async function readBatch(
  db: Database,
  pieces: readonly Piece[],
): Promise<Pick<VectorBlock, 'count' | 'data'>[]> {
  const found = await db.read(['vectors'], tx => {
    const store = tx.objectStore('vectors');
    return Promise.all(
      pieces.map(({ generation, from, to }) =>
        store.getAll(IDBKeyRange.bound([generation, from], [generation, to - 1])),
      ),
    );
  });
  return found.flatMap((blocks, i) =>
    blocks.map(({ first, count, data }) => {
      const wanted = Math.min(count, (pieces[i]?.count ?? 0) - first);
      return wanted === count
        ? { count, data }
        : { count: wanted, data: data.subarray(0, (data.length / count) * wanted) };
    }),
  );
}
