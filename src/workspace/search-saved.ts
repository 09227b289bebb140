import { KeywordIndex } from '../search/bm25.ts';
import { VectorMatrix } from '../search/matrix.ts';
import { seal, unseal } from '../search/pieces.ts';
import { readSearchFile, type Section, writeSearchFile } from '../store/search-files.ts';
import { bytesOfPlaces, FLOAT_SHARE } from './search-memory.ts';
import type { Part, PartColumns } from './search-part.ts';

/** A collection's index as it is saved and opened. */
export interface WholeIndex {
  parts: readonly Part[];
  words: KeywordIndex;
  /** Absent while there are no vectors. */
  matrix?: VectorMatrix;
  /** What its vectors were made by; see embeddingKey. */
  embedding: string;
}

const KIND = 'places';
/** Raised when what is saved of a part means something else. */
const VERSION = 1;
/** Columns of 32-bit numbers, one after the other. */
const COLUMNS = ['starts', 'ends', 'pages', 'headingOf', 'firstLines', 'lastLines'] as const;
const HASH_BYTES = 16;

/** Saves an index that does not change while `going`. Returns whether it was saved. */
export function saveIndex(
  collectionId: string,
  revision: number,
  { parts, words, matrix, embedding }: WholeIndex,
  going: () => boolean,
): Promise<boolean> {
  return writeSearchFile(
    collectionId,
    revision,
    function* sections(): Iterable<Section> {
      yield sealParts(parts, embedding, matrix !== undefined);
      yield words.save();
      if (matrix) yield matrix.save();
    },
    going,
  );
}

/**
 * Opens a saved index; undefined where there is none. Rejects where it is damaged, of another version, or takes more
 * than `budget` bytes.
 */
export function loadIndex(collectionId: string, budget: number): Promise<WholeIndex | undefined> {
  return readSearchFile(collectionId, async next => {
    const { parts, embedding, vectors } = await unsealParts(next());
    const room = parts.reduce((left, part) => left - bytesOfPlaces(part), budget);
    const words = await KeywordIndex.load(next(), { budget: room });
    const options = { budget: room - words.bytes, floatBudget: FLOAT_SHARE * budget };
    const matrix = vectors ? await VectorMatrix.load(next(), options) : undefined;
    return { parts, words, embedding, ...(matrix ? { matrix } : {}) };
  });
}

/** What a part is besides its columns. */
type PartHead = Omit<Part, 'columns'> & Pick<PartColumns, 'headingPaths'>;

function sealParts(parts: readonly Part[], embedding: string, vectors: boolean) {
  const heads = parts.map(({ columns, ...part }): PartHead => {
    return { ...part, headingPaths: columns.headingPaths };
  });
  const rows = parts.reduce((sum, { range }) => sum + range.end - range.first, 0);
  const numbers = new Uint32Array(rows * COLUMNS.length);
  const hashes = new Uint8Array(rows * HASH_BYTES);
  let at = 0;
  for (const { columns, range } of parts) {
    for (const [i, name] of COLUMNS.entries()) numbers.set(columns[name], i * rows + at);
    hashes.set(columns.hashes, at * HASH_BYTES);
    at += range.end - range.first;
  }
  const json = new TextEncoder().encode(JSON.stringify({ heads, embedding }));
  return seal(KIND, VERSION, { vectors: vectors ? 1 : 0 }, { json, numbers, hashes });
}

async function unsealParts(pieces: Iterable<Uint8Array>) {
  let vectors = false;
  const { json, numbers, hashes } = await unseal(KIND, VERSION, pieces, (saved, lengths) => {
    vectors = saved.vectors === 1;
    return {
      json: new Uint8Array(lengths.json ?? 0),
      numbers: new Uint32Array((lengths.numbers ?? 0) / Uint32Array.BYTES_PER_ELEMENT),
      hashes: new Uint8Array(lengths.hashes ?? 0),
    };
  });
  const { heads, embedding } = JSON.parse(new TextDecoder().decode(json)) as {
    heads: PartHead[];
    embedding: string;
  };
  const rows = numbers.length / COLUMNS.length;
  let at = 0;
  const parts = heads.map(({ headingPaths, ...part }): Part => {
    const first = at;
    at += part.range.end - part.range.first;
    const column = (name: (typeof COLUMNS)[number]) => {
      const before = COLUMNS.indexOf(name) * rows;
      return numbers.subarray(before + first, before + at);
    };
    return {
      ...part,
      columns: {
        starts: column('starts'),
        ends: column('ends'),
        pages: column('pages'),
        headingOf: column('headingOf'),
        firstLines: column('firstLines'),
        lastLines: column('lastLines'),
        headingPaths,
        hashes: hashes.subarray(first * HASH_BYTES, at * HASH_BYTES),
      },
    };
  });
  return { parts, embedding, vectors };
}
