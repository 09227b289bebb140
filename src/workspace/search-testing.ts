import { toColumns } from '../domain/chunk.ts';
import { embeddingKey, type Recipe, recipeKey } from '../domain/recipe.ts';
import type { Database } from '../store/database.ts';
import { writeDocument } from '../store/documents.ts';
import { commitBlock, commitChunks } from '../store/queue.ts';

/** For tests of search: files whose lines are chunks, with vectors that can be read off the words. */
export const recipe: Recipe = {
  modelId: 'm',
  strategy: 'recursive',
  chunkSize: 200,
  overlap: 0,
  embedHeadings: false,
  documentPrefix: '',
  queryPrefix: '',
  pooling: 'mean',
  normalize: true,
  dimensions: 4,
  versions: { parser: 1, chunker: 1, tokenizer: 1 },
};
const TOPICS = [/tide|water|current/g, /bird|wing|nest/g, /bread|oven|flour/g];
/** What a text is about, by its words: its vector. */
export const vectorOf = (text: string) => [...TOPICS.map(topic => text.match(topic)?.length ?? 0), 0.1];

/** Reads and cuts a file: a line is a chunk. */
export async function readLines(db: Database, id: string, text: string, by: Recipe): Promise<string> {
  const generation = crypto.randomUUID();
  await writeDocument(db, { document: generation, page: -1, length: text.length, blocks: [] }, [text]);
  const chunks = [...text.matchAll(/.+/g)].map(({ index, 0: { length } }, ordinal) => ({
    ordinal,
    start: index,
    end: index + length,
    tokens: 3,
    unknown: 0,
    headings: ['Notes'],
    context: '',
  }));
  const hashes = Uint8Array.from(chunks.flatMap(({ start }) => Array(16).fill(text.charCodeAt(start + 2))));
  await commitChunks(
    db,
    id,
    {
      id: generation,
      document: generation,
      sha256: `sha of ${text}`,
      parser: 1,
      recipeKey: recipeKey(by),
      embeddingKey: embeddingKey(by),
      chunks: chunks.length,
      done: 0,
      tokens: 3 * chunks.length,
      unknown: 0,
      pages: 0,
    },
    toColumns(chunks, hashes),
    path(id),
  );
  return generation;
}

const path = (id: string) => (id === '' ? undefined : 'plain');

/** Commits vectors of the chunks from `first` on. */
export async function embedLines(
  db: Database,
  id: string,
  generation: string,
  text: string,
  first: number,
  count: number,
): Promise<void> {
  const rows = [...text.matchAll(/.+/g)].slice(first, first + count).map(([line]) => vectorOf(line));
  await commitBlock(db, id, {
    generation,
    first,
    count: rows.length,
    data: Float32Array.from(rows.flat()),
  });
}
