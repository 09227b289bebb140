import type { Span } from '../chunk/strategy.ts';
import { type ChunkColumns, toColumns } from '../domain/chunk.ts';
import type { ModelInfo, TokenizerSpec } from '../domain/model.ts';
import type { Database } from '../store/database.ts';
import type { FileRecord } from '../store/schema.ts';
import type { Models } from './models.ts';

const letters = [...'abcdefghijklmnopqrstuvwxyz'];
const tokenizer: TokenizerSpec = {
  kind: 'wordpiece',
  tokens: ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', ...letters, ...letters.map(letter => `##${letter}`)],
  lowercase: true,
  ids: { pad: 0, unk: 1, cls: 2, sep: 3, mask: 4 },
};
/** A model whose tokens are letters. */
export const info = { id: 'm', name: 'm', dimensions: 2, contextLength: 64, pooling: 'mean' } as ModelInfo;
export const models: Models = {
  list: async () => [info],
  info: async () => info,
  open: async () => ({ info, tokenizer, gguf: new Blob() }),
  add: async () => info,
};

/** Words are chunks: what counts here is who does what, not where texts are cut. */
export function wordChunks(text: string): ChunkColumns {
  const chunks = [...text.matchAll(/\S+/g)].map(({ index, 0: word }, ordinal) => ({
    ordinal,
    start: index,
    end: index + word.length,
    tokens: word.length + 2,
    unknown: 0,
    headings: [],
    context: '',
  }));
  const hashes = new Uint8Array(chunks.length * 16);
  for (const [i, { start, end }] of chunks.entries()) {
    new TextEncoder().encodeInto(text.slice(start, end), hashes.subarray(i * 16, i * 16 + 16));
  }
  return toColumns(chunks, hashes);
}

/** What ends with a full stop is a sentence. */
export function sentenceSpans(text: string): Span[] {
  return [...text.matchAll(/\w[^.]*\./g)].map(({ index, 0: { length } }) => ({
    start: index,
    end: index + length,
  }));
}

/** Puts a file into the queue of the collection 'c'; its path is its id. */
export async function putWaiting(
  db: Database,
  path: string,
  text: string,
  attempts: number,
): Promise<string> {
  const id = path;
  await db.write(['files', 'blobs'], async (tx, stamp) => {
    const file: FileRecord = {
      id,
      collectionId: 'c',
      path,
      bytes: text.length,
      sha256: `sha of ${text}`,
      state: 'waiting',
      queue: stamp(),
      attempts,
      addedAt: 1,
      revision: stamp(),
    };
    await tx.objectStore('files').put(file);
    await tx.objectStore('blobs').put({ fileId: id, blob: new Blob([text]) });
  });
  return id;
}
