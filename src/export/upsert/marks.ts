import { createXXHash128 } from 'hash-wasm';
import { embeddingKey } from '../../domain/recipe.ts';
import type { ExportHeader, ExportRecord } from '../format.ts';
import { flatPlace } from '../place.ts';
import { MARK, OWNER, type Point } from './database.ts';

/**
 * Makes points of records: each with its owner and a mark of all that is stored of it (text, place, the vector's bits,
 * and what the vector was made by), hashed by XXH3-128. A point that is there with the same mark need not be sent again.
 */
export async function createPoints(
  header: ExportHeader,
  owner: string,
): Promise<(record: ExportRecord) => Point> {
  const hasher = await createXXHash128();
  const made = embeddingKey(header.recipe);
  return record => {
    const { embedding, text } = record;
    hasher.init();
    hasher.update(JSON.stringify([owner, made, text, flatPlace(record, header)]));
    hasher.update(new Uint8Array(embedding.buffer, embedding.byteOffset, embedding.byteLength));
    return { record, marks: { [OWNER]: owner, [MARK]: hasher.digest('hex') } };
  };
}
