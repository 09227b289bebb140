import { accessSync, constants, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { VectorPrecision } from '../../src/domain/export.ts';
import type { ExportFormat } from '../../src/export/format.ts';
import { exportFormats } from '../../src/export/registry.ts';
import { BadArguments } from '../bad-arguments.ts';

/** Where the vectors go, and as what. */
export interface Output {
  format: string;
  precision: VectorPrecision;
  /** Absolute paths of the files that the format consists of, by their extensions; the one that was named first. */
  files: { path: string; extension: string }[];
}

/** Endings that say a format by themselves, in the registry's order. */
export const ENDINGS = [...new Set(exportFormats.flatMap(extensionsOf))];

/** Formats by their ids, for what no ending says. */
export const FORMAT_IDS = exportFormats.map(({ id }) => id);

/** Reads --out, --format and --precision. Throws BadArguments. */
export function readOutput(out: string, formatId?: string, precision = 'float32'): Output {
  const format = formatOf(out, formatId);
  const ending = extensionsOf(format).find(extension => out.endsWith(`.${extension}`));
  if (ending === undefined) {
    throw new BadArguments(`--out ${out}: ${format.name} ends in ${listed(extensionsOf(format))}.`);
  }
  const fine = format.precisions.find(name => name === precision);
  if (!fine)
    throw new BadArguments(`--precision ${precision}: ${format.name} has ${format.precisions.join(', ')}.`);
  const base = resolve(out).slice(0, -ending.length);
  const files = extensionsOf(format).map(extension => ({ path: base + extension, extension }));
  files.sort((a, b) => Number(b.extension === ending) - Number(a.extension === ending));
  for (const { path } of files) checkWritable(out, path);
  return { format: format.id, precision: fine, files };
}

function formatOf(out: string, id: string | undefined): ExportFormat {
  if (id !== undefined) {
    const named = exportFormats.find(format => format.id === id);
    if (!named) throw new BadArguments(`--format ${id}: there are ${FORMAT_IDS.join(', ')}.`);
    return named;
  }
  const byEnding = exportFormats.find(format =>
    extensionsOf(format).some(ending => out.endsWith(`.${ending}`)),
  );
  if (!byEnding) throw new BadArguments(`--out ${out}: the name must end in ${listed(ENDINGS)}.`);
  return byEnding;
}

function extensionsOf({ files }: ExportFormat): string[] {
  return files.map(({ extension }) => extension);
}

function listed(endings: readonly string[]): string {
  return endings.map(ending => `.${ending}`).join(' or ');
}

function checkWritable(given: string, path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    throw new BadArguments(`--out ${given}: this is a folder.`);
  }
  try {
    accessSync(dirname(path), constants.W_OK);
  } catch {
    throw new BadArguments(`--out ${given}: its folder is not there or cannot be written to.`);
  }
}
