import type { ArchivedChunk, ArchivedGeneration } from '../domain/archive.ts';
import type { ChunkColumns } from '../domain/chunk.ts';
import { corrupt } from './archive.ts';

const HASH = /^[0-9a-f]{32}$/;

/** Puts the chunks of an archive together, one generation after the other. */
export interface ColumnsFiller {
  /** Takes the next chunk. Gives the columns of its generation back with the last of them. Throws 'import/corrupt'. */
  add(chunk: ArchivedChunk, generation: ArchivedGeneration, textLength: number): ChunkColumns | undefined;
  /** The columns of a generation that has no chunks. */
  none(generation: ArchivedGeneration): ChunkColumns;
}

export function columnsFiller(): ColumnsFiller {
  let columns: ChunkColumns | undefined;
  let due = 0;
  let filled: string | undefined;

  return {
    add(chunk, generation, textLength) {
      if (due === 0) {
        columns = emptyColumns(generation);
        filled = generation.id;
      }
      const { ordinal, start, end, heading, context, hash } = chunk;
      const sound =
        columns !== undefined &&
        generation.id === filled &&
        ordinal === due &&
        ordinal < generation.chunks &&
        start <= end &&
        end <= textLength &&
        heading < Math.max(1, generation.headingPaths.length) &&
        (context ?? 0) < Math.max(1, generation.contexts?.length ?? 0) &&
        HASH.test(hash);
      if (!columns || !sound)
        throw corrupt('Chunks in this archive are out of order or stand outside their text.');
      columns.starts[ordinal] = start;
      columns.ends[ordinal] = end;
      columns.tokens[ordinal] = chunk.tokens;
      columns.unknown[ordinal] = chunk.unknown;
      columns.pages[ordinal] = chunk.page;
      columns.headingOf[ordinal] = heading;
      if (columns.contextOf) columns.contextOf[ordinal] = context ?? 0;
      for (let i = 0; i < 16; i++) {
        columns.hashes[ordinal * 16 + i] = Number.parseInt(hash.slice(i * 2, i * 2 + 2), 16);
      }
      due += 1;
      if (due < generation.chunks) return undefined;
      due = 0;
      return columns;
    },
    none: emptyColumns,
  };
}

function emptyColumns({ chunks, headingPaths, contexts, picked }: ArchivedGeneration): ChunkColumns {
  const numbers = () => new Uint32Array(chunks);
  return {
    count: chunks,
    starts: numbers(),
    ends: numbers(),
    tokens: numbers(),
    unknown: numbers(),
    pages: numbers(),
    hashes: new Uint8Array(chunks * 16),
    headingPaths,
    headingOf: numbers(),
    ...(contexts ? { contexts, contextOf: numbers() } : {}),
    ...(picked === undefined ? {} : { picked }),
  };
}
