import type { Toast } from '../../state/screen.ts';
import type { ArchiveLook, ImportProgress, ImportReport, VectorCheck } from '../../workspace/imports-api.ts';
import { duration, number, plural, size } from '../parts/format.ts';

/** Renamed files that are named before the rest is counted. */
const MOST_LINES = 3;

/** 'notes.zip · 1.2 MB'; of several files the names, and the size of all. */
export function filesWords(files: readonly File[]): string {
  const bytes = files.reduce((sum, file) => sum + file.size, 0);
  return `${files.map(({ name }) => name).join(', ')} · ${size(bytes)}`;
}

/** '148, 120 of them with a vector' */
export function chunkWords({ chunks, embedded }: Pick<ArchiveLook, 'chunks' | 'embedded'>): string {
  if (embedded === chunks) return number(chunks);
  return `${number(chunks)}, ${embedded === 0 ? 'none' : number(embedded)} of them with a vector`;
}

/** 'of all 6 files', 'of 2 of 6 files', 'not in it' */
export function originalWords({ originals, files }: Pick<ArchiveLook, 'originals' | 'files'>): string {
  if (originals === 0) return 'not in it';
  if (originals === files) return files === 1 ? 'of its file' : `of all ${number(files)} files`;
  return `of ${number(originals)} of ${plural(files, 'file')}`;
}

/** Rounded down, so that what is not reached is never said. */
function cosineWords(cosine: number): string {
  return (Math.floor(cosine * 10_000) / 10_000).toFixed(4);
}

/** What came of embedding some texts anew. */
export function vectorCheckWords({ texts, least, agree }: VectorCheck, model: string): string {
  const done = `${plural(texts, 'text')} embedded anew with ${model}: cosine`;
  return agree
    ? `${done} ${texts === 1 ? '' : 'at least '}${cosineWords(least)}. These are its vectors.`
    : `${done} ${texts === 1 ? '' : 'as low as '}${cosineWords(least)}. Another model, prefix or pooling made these vectors: a search by meaning will not find them.`;
}

/** '15,000 of 200,000 rows · 2 min left'; 'Reading' before the first is written. */
export function progressWords({ done, total, secondsLeft }: ImportProgress, unit: string): string {
  const counted =
    done === 0 ? 'Reading' : total > 0 ? `${number(done)} of ${plural(total, unit)}` : plural(done, unit);
  return secondsLeft === undefined ? counted : `${counted} · ${duration(secondsLeft)} left`;
}

/** What was taken in, and under which names. */
export function importedWords({
  chunks,
  fileIds,
  unchanged,
  renamed,
}: ImportReport): Pick<Toast, 'text' | 'details'> {
  const said: string[] = [];
  if (fileIds.length > 0)
    said.push(`${plural(chunks, 'chunk')} of ${plural(fileIds.length, 'file')} imported`);
  if (unchanged > 0) said.push(`${plural(unchanged, 'file')} already here, unchanged`);
  const details = renamed
    .slice(0, MOST_LINES)
    .map(([given, kept]) => `${given} is kept as ${kept}: its name was taken.`);
  if (renamed.length > MOST_LINES) details.push(`and ${number(renamed.length - MOST_LINES)} more`);
  const text = said.length > 0 ? `${said.join(' · ')}.` : 'There was nothing to import.';
  return { text, ...(details.length > 0 ? { details } : {}) };
}

/** '[0.0123, -0.4, …]' of the first numbers of a vector. */
export function vectorWords(values: readonly number[]): string {
  const shown = values.slice(0, 4).map(value => String(Number(value.toPrecision(4))));
  return `[${shown.join(', ')}${values.length > 0 ? ', ' : ''}…]`;
}

/** 'Notes', or 'Notes (2)' where there is one. */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  let free = name;
  for (let n = 2; taken.has(free); n++) free = `${name} (${n})`;
  return free;
}
