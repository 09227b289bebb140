import { VecdropError } from '../../domain/errors.ts';
import type { ExportHeader, ExportRecord } from '../format.ts';
import { type DatabaseClient, MARK, type Point } from './database.ts';
import { TooLarge } from './http.ts';
import { createPoints } from './marks.ts';

/** Batches under way at once. */
const FLYING = 4;
/** Of a request, about: Qdrant takes 32 MB and Chroma 40, proxies before them mostly less. */
const BATCH_BYTES = 4_000_000;

/** What became of the records so far. */
export interface SendCounts {
  /** Records that were not there before. */
  added: number;
  /** There before with another content. */
  updated: number;
  /** There with the same content: not sent. */
  unchanged: number;
}

export interface SendOptions {
  client: DatabaseClient;
  collection: string;
  header: ExportHeader;
  records: AsyncIterable<ExportRecord>;
  /** Whose points they are: the id of the collection that is sent. */
  owner: string;
  /** Nothing is there yet: nothing need be asked. */
  empty: boolean;
  signal: AbortSignal;
  progress: (counts: SendCounts) => void;
}

/**
 * Sends records in batches, a few at once: those that are there with the same content are left out, so that a run after
 * one that was cut short goes on where that ended. The first failure ends all; what was sent stays, and is whole.
 */
export async function sendRecords(options: SendOptions): Promise<SendCounts> {
  const { client, collection, header, records, owner, empty, progress } = options;
  const counts: SendCounts = { added: 0, updated: 0, unchanged: 0 };
  const failure = new AbortController();
  const signal = AbortSignal.any([options.signal, failure.signal]);
  const flying = new Set<Promise<void>>();
  /** What failed first: the others fail by the abort that follows. */
  let cause: unknown;
  /** Records of one request. */
  let most = 1;
  const pointOf = await createPoints(header, owner);

  async function send(batch: readonly Point[]): Promise<void> {
    const there = empty
      ? new Map<string, string>()
      : await client.marks(
          collection,
          batch.map(({ record }) => record.id),
          signal,
        );
    const changed = batch.filter(({ record, marks }) => there.get(record.id) !== marks[MARK]);
    await write(changed);
    const updated = changed.filter(({ record }) => there.has(record.id)).length;
    counts.updated += updated;
    counts.added += changed.length - updated;
    counts.unchanged += batch.length - changed.length;
    progress({ ...counts });
  }

  /** A request that is too long for the server goes as two. */
  async function write(points: readonly Point[]): Promise<void> {
    if (points.length === 0) return;
    try {
      await client.upsert(collection, points, header, signal);
    } catch (error) {
      if (!(error instanceof TooLarge)) throw error;
      const half = points.length >> 1;
      if (half === 0) throw tooLarge(points[0] as Point, error);
      // The next ones need not be tried in vain.
      most = Math.min(most, half);
      await write(points.slice(0, half));
      await write(points.slice(half));
    }
  }

  try {
    most = await client.most(signal);
    for await (const batch of batchesOf(records, pointOf, () => most)) {
      while (flying.size >= FLYING) await Promise.race(flying);
      signal.throwIfAborted();
      const work = send(batch).finally(() => flying.delete(work));
      flying.add(work);
      work.catch(error => {
        cause ??= error;
        failure.abort();
      });
    }
    await Promise.all(flying);
    return counts;
  } catch (error) {
    failure.abort();
    await Promise.allSettled(flying);
    options.signal.throwIfAborted();
    throw cause ?? error;
  }
}

async function* batchesOf(
  records: AsyncIterable<ExportRecord>,
  pointOf: (record: ExportRecord) => Point,
  most: () => number,
): AsyncGenerator<Point[]> {
  let batch: Point[] = [];
  let bytes = 0;
  for await (const record of records) {
    // As JSON: some 11 characters a number, and texts that are not Latin up to three bytes a character.
    const weight = 600 + record.embedding.length * 12 + record.text.length * 3;
    if (batch.length > 0 && (batch.length >= most() || bytes + weight > BATCH_BYTES)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(pointOf(record));
    bytes += weight;
  }
  if (batch.length > 0) yield batch;
}

function tooLarge({ record }: Point, cause: unknown): VecdropError {
  return new VecdropError(
    'database/refused',
    `The server, or one before it, takes no request as long as a single chunk with its vector (${record.file}). Raise its limit: max_request_size_mb in Qdrant, client_max_body_size in nginx.`,
    cause,
  );
}
