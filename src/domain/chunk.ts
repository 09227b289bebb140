/** A stretch of a document that is embedded as one; offsets are UTF-16 into Document.text, end exclusive. */
export interface Chunk {
  ordinal: number;
  start: number;
  end: number;
  /** Tokens as the model gets them: with special tokens and the document prefix. */
  tokens: number;
  /** Runs that the model's vocabulary cannot read ([UNK]). */
  unknown: number;
  page?: number;
  headings: string[];
}

/** The chunks of one document by columns, row i being chunk i: what is stored and sent between workers. */
export interface ChunkColumns {
  count: number;
  starts: Uint32Array;
  ends: Uint32Array;
  tokens: Uint32Array;
  unknown: Uint32Array;
  /** 0 where the format has no pages. */
  pages: Uint32Array;
  /** 16 bytes a chunk: XXH3-128 of the text that is embedded. */
  hashes: Uint8Array;
  /** The heading paths that occur, and for each chunk the index of its own. */
  headingPaths: string[][];
  headingOf: Uint32Array;
}

/** Row `ordinal` of the columns. */
export function chunkAt(columns: ChunkColumns, ordinal: number): Chunk {
  const page = columns.pages[ordinal] ?? 0;
  return {
    ordinal,
    start: columns.starts[ordinal] ?? 0,
    end: columns.ends[ordinal] ?? 0,
    tokens: columns.tokens[ordinal] ?? 0,
    unknown: columns.unknown[ordinal] ?? 0,
    headings: columns.headingPaths[columns.headingOf[ordinal] ?? 0] ?? [],
    ...(page > 0 ? { page } : {}),
  };
}

/** Chunks as columns. `hashes` are 16 bytes a chunk, in the same order. */
export function toColumns(chunks: readonly Chunk[], hashes: Uint8Array): ChunkColumns {
  const paths = new Map<string, number>();
  const headingPaths: string[][] = [];
  const headingOf = Uint32Array.from(chunks, chunk => {
    const key = JSON.stringify(chunk.headings);
    let index = paths.get(key);
    if (index === undefined) {
      index = headingPaths.push(chunk.headings) - 1;
      paths.set(key, index);
    }
    return index;
  });
  return {
    count: chunks.length,
    starts: Uint32Array.from(chunks, chunk => chunk.start),
    ends: Uint32Array.from(chunks, chunk => chunk.end),
    tokens: Uint32Array.from(chunks, chunk => chunk.tokens),
    unknown: Uint32Array.from(chunks, chunk => chunk.unknown),
    pages: Uint32Array.from(chunks, chunk => chunk.page ?? 0),
    hashes,
    headingPaths,
    headingOf,
  };
}

/** The text hash of a chunk as a key for maps: 32 hex digits. */
export function hashKey(columns: ChunkColumns, ordinal: number): string {
  let key = '';
  for (let i = ordinal * 16; i < ordinal * 16 + 16; i++) {
    key += (columns.hashes[i] ?? 0).toString(16).padStart(2, '0');
  }
  return key;
}
