import { type ChunkColumns, chunkAt } from '../domain/chunk.ts';
import type { ChunkGlance } from '../domain/map.ts';
import type { Database } from '../store/database.ts';
import { readText } from '../store/documents.ts';
import type { Generation } from '../store/schema.ts';
import { readColumns } from '../store/vectors.ts';

/** A chunk by what is stored of it; its file may be gone. */
export interface StoredChunk {
  generation: Pick<Generation, 'id' | 'document'> | undefined;
  ordinal: number;
}

/** Generations whose columns are kept: whoever goes over a map asks for the same few again and again. */
const MOST_KEPT = 16;
/** Texts read at once. */
const AT_ONCE = 32;

/** Reads how chunks begin, in the order asked for. */
export function createGlances(db: Database) {
  const kept = new Map<string, Promise<ChunkColumns | undefined>>();

  function columnsOf(generation: string): Promise<ChunkColumns | undefined> {
    const known = kept.get(generation);
    kept.delete(generation);
    const columns = known ?? readColumns(db, generation);
    kept.set(generation, columns);
    columns.catch(() => kept.delete(generation));
    const [oldest] = kept.keys();
    if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
    return columns;
  }

  async function glance({ generation, ordinal }: StoredChunk, length: number): Promise<ChunkGlance> {
    const columns = generation && (await columnsOf(generation.id));
    if (!columns || ordinal >= columns.count) return { text: '', headings: [] };
    const { start, end, page, headings } = chunkAt(columns, ordinal);
    const text = await readText(db, generation.document, start, Math.min(end, start + length));
    return {
      text: text.replace(/\s+/g, ' ').trim(),
      headings,
      ...(page === undefined ? {} : { page }),
    };
  }

  return async (chunks: readonly StoredChunk[], length: number): Promise<ChunkGlance[]> => {
    const glances: ChunkGlance[] = [];
    for (let at = 0; at < chunks.length; at += AT_ONCE) {
      glances.push(
        ...(await Promise.all(chunks.slice(at, at + AT_ONCE).map(chunk => glance(chunk, length)))),
      );
    }
    return glances;
  };
}
