import { guessLanguage } from '../chunk/language.ts';
import { getCollection } from '../store/collections.ts';
import type { Database } from '../store/database.ts';
import { readHead, readText } from '../store/documents.ts';
import { liveFiles, readable } from '../store/files.ts';
import { readColumns } from '../store/vectors.ts';
import type { CollectionFacts } from './facts-api.ts';

/** UTF-16 units of a text that tell its language. */
const SAMPLE = 4_000;

/** How long a collection's readable chunks are, and in which languages its files. */
export async function collectionFacts(db: Database, collectionId: string): Promise<CollectionFacts> {
  const collection = await getCollection(db, collectionId);
  const parts: Uint32Array[] = [];
  const languages = new Map<string, number>();
  for (const file of await liveFiles(db, collectionId)) {
    const generation = readable(file, collection);
    const columns = generation && (await readColumns(db, generation.id));
    if (!generation || !columns) continue;
    parts.push(columns.tokens);
    const head = await readHead(db, generation.document);
    const said = head?.language?.split('-')[0]?.toLowerCase();
    const language = said ?? guessLanguage(await readText(db, generation.document, 0, SAMPLE)) ?? '';
    languages.set(language, (languages.get(language) ?? 0) + 1);
  }
  const tokens = new Uint32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    tokens.set(part, at);
    at += part.length;
  }
  return {
    tokens,
    languages: [...languages]
      .map(([language, files]) => ({ language, files }))
      .sort((a, b) => b.files - a.files || (a.language < b.language ? -1 : 1)),
  };
}
