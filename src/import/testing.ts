import { readFileSync } from 'node:fs';
import { type ImportedFile, readFiles } from './documents.ts';
import { guessMapping } from './mapping.ts';
import { openTable } from './registry.ts';

/** What stands in fixtures/, which scripts/make-import-fixtures.py wrote. */
export function fixture(name: string): File {
  const bytes = readFileSync(new URL(`./fixtures/${name}`, import.meta.url));
  return new File([new Uint8Array(bytes)], name);
}

/** The files that a table's rows make, under the columns that are guessed. */
export async function imported(...files: File[]): Promise<ImportedFile[]> {
  const { signal } = new AbortController();
  const table = await openTable(files, signal);
  const read: ImportedFile[] = [];
  const options = { defaultPath: 'table', signal };
  for await (const file of readFiles(table, guessMapping(table.columns), options)) read.push(file);
  return read;
}
