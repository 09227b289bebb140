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
  /** What is embedded between the prefix and the chunk's text: headings, a table's header; lines that end in \n, or ''. */
  context: string;
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
  /** The contexts that occur, and for each chunk the index of its own; absent where no chunk has any. */
  contexts?: string[];
  contextOf?: Uint32Array;
  /** Id of the strategy that was used where the recipe's leaves the choice, or could not be had. */
  picked?: string;
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
    context: contextAt(columns, ordinal),
    ...(page > 0 ? { page } : {}),
  };
}

/** What is embedded between the prefix and the text of a chunk. */
export function contextAt({ contexts, contextOf }: ChunkColumns, ordinal: number): string {
  return contexts?.[contextOf?.[ordinal] ?? 0] ?? '';
}

/** Chunks as columns. `hashes` are 16 bytes a chunk, in the same order. */
export function toColumns(chunks: readonly Chunk[], hashes: Uint8Array): ChunkColumns {
  const [headingPaths, headingOf] = distinct(
    chunks.map(chunk => chunk.headings),
    JSON.stringify,
  );
  const [contexts, contextOf] = distinct(
    chunks.map(chunk => chunk.context),
    context => context,
  );
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
    ...(contexts.some(context => context !== '') ? { contexts, contextOf } : {}),
  };
}

/** The different ones of some values, and for each value the index of its like. */
function distinct<T>(values: readonly T[], keyOf: (value: T) => string): [T[], Uint32Array] {
  const indexes = new Map<string, number>();
  const found: T[] = [];
  let last: T | undefined;
  let lastIndex = -1;
  const indexOf = Uint32Array.from(values, value => {
    // Neighbours mostly share theirs: then no key is made.
    if (value === last) return lastIndex;
    last = value;
    const key = keyOf(value);
    let index = indexes.get(key);
    if (index === undefined) {
      index = found.push(value) - 1;
      indexes.set(key, index);
    }
    lastIndex = index;
    return index;
  });
  return [found, indexOf];
}

/** The text hash of a chunk as a key for maps: 32 hex digits. */
export function hashKey(columns: Pick<ChunkColumns, 'hashes'>, ordinal: number): string {
  let key = '';
  for (let i = ordinal * 16; i < ordinal * 16 + 16; i++) {
    key += (columns.hashes[i] ?? 0).toString(16).padStart(2, '0');
  }
  return key;
}
