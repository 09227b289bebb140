import { bytesOf } from './bytes.ts';
import type { ImportFormat, ImportTable } from './format.ts';
import { csv } from './formats/csv.ts';
import { json } from './formats/json.ts';
import { jsonl } from './formats/jsonl.ts';
import { numpy } from './formats/numpy.ts';
import { parquet } from './formats/parquet.ts';
import { corrupt, unsupported } from './limits.ts';

/** Every format of tables, in the order in which endings decide: of a matrix and its lines the matrix counts. */
const importFormats: readonly ImportFormat[] = [numpy, json, jsonl, parquet, csv];

/** Endings of the files that a table can be read from, without the dot. */
export function tableExtensions(): string[] {
  return [...new Set(importFormats.flatMap(format => format.extensions))];
}

/** A table, and how its format is called. */
export type OpenTable = ImportTable & { format: string };

/**
 * Opens files as a table: by their endings, else by what they begin with. Rejects with 'import/unsupported' where no
 * format knows them, with 'import/corrupt' where they are not what they seem.
 */
export async function openTable(files: readonly File[], signal: AbortSignal): Promise<OpenTable> {
  if (files.length === 0) throw unsupported('There is no file. Choose one with texts and vectors.');
  const empty = files.find(file => file.size === 0);
  if (empty) throw corrupt(`“${empty.name}” is empty. Export it again, or download it again.`);
  const format = byEnding(files) ?? (await byContent(files[0] as File));
  if (!format) {
    const names = importFormats.map(({ name }) => name).join(', ');
    throw unsupported(`This file is none of the kinds that can be imported. Choose one of these: ${names}.`);
  }
  return { ...(await format.open(files, signal)), format: format.name };
}

function byEnding(files: readonly File[]): ImportFormat | undefined {
  const endings = new Set(files.map(({ name }) => name.slice(name.lastIndexOf('.') + 1).toLowerCase()));
  return importFormats.find(format => format.extensions.some(extension => endings.has(extension)));
}

/** How files begin that have lost their ending. */
const BEGINNINGS: readonly [RegExp, id: string][] = [
  [/^PAR1/, 'parquet'],
  [/^(\x93NUMPY|PK[^ -~]{2})/, 'numpy'],
  [/^(\xef\xbb\xbf)?\s*[[{]/, 'json'],
];

async function byContent(file: File): Promise<ImportFormat | undefined> {
  const head = String.fromCharCode(...(await bytesOf(file, 0, 64)));
  const id = BEGINNINGS.find(([beginning]) => beginning.test(head))?.[1];
  return importFormats.find(format => format.id === id);
}
