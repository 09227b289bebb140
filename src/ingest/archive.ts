import { toVecdropError, VecdropError } from '../domain/errors.ts';
import type { ZipEntry } from '../zip/directory.ts';
import { fileName } from './detect.ts';
import { tooLarge } from './limits.ts';
import { formats } from './registry.ts';
import { binaryKind, contentOf } from './signatures.ts';
import { unzipEntry, zipDirectory } from './zip.ts';

/** One file of an archive, or why it could not be taken out. `path` begins with the archive's own path. */
export type Unpacked = { path: string; bytes: Uint8Array } | { path: string; error: VecdropError };

/** What one archive may come to, archives in it included. */
export interface ArchiveLimits {
  files: number;
  bytes: number;
  /** Archives within archives. */
  depth: number;
}

const ARCHIVE_LIMITS: ArchiveLimits = { files: 20_000, bytes: 1024 ** 3, depth: 3 };

/** Files that systems put into archives for themselves. */
const SYSTEM_FILE = /(^|\/)(__MACOSX\/|\.DS_Store$|Thumbs\.db$|desktop\.ini$)/i;

/** Whether a file is an archive of files, and not a document that happens to be packed (Word, EPUB …). */
export function isArchive(bytes: Uint8Array): boolean {
  if (!(bytes[0] === 0x50 && bytes[1] === 0x4b)) return false;
  const content = contentOf(bytes);
  return !formats.some(format => format.owns?.(content)) && binaryKind(content)?.name === 'a zip archive';
}

/**
 * The files of a zip one by one, so that only one is in memory; archives within are opened in their place, up to
 * `limits.depth`. Names are made harmless: no root, no drive, no climbing, no two alike. An entry that cannot be read
 * (a password, damage, a bomb) is an error of its own; the rest goes on.
 * Throws 'file/broken' where the directory is not whole, and 'file/too-large' as soon as a limit is passed.
 */
export function* expandArchive(
  bytes: Uint8Array,
  path: string,
  limits = ARCHIVE_LIMITS,
): Generator<Unpacked> {
  yield* expand(bytes, path, 1, { limits, files: 0, bytes: 0, paths: new Set() });
}

interface Count {
  limits: ArchiveLimits;
  files: number;
  bytes: number;
  paths: Set<string>;
}

function* expand(archive: Uint8Array, path: string, depth: number, count: Count): Generator<Unpacked> {
  const entries = zipDirectory(archive).filter(({ name }) => !SYSTEM_FILE.test(name));
  const { limits } = count;
  count.files += entries.length;
  if (count.files > limits.files)
    throw tooLarge(`holds more than ${limits.files.toLocaleString('en')} files`);
  for (const entry of entries) {
    const inner = unique(`${path}/${safeName(entry.name)}`, count.paths);
    count.bytes += entry.bytes;
    if (count.bytes > limits.bytes)
      throw tooLarge(`unpacks to more than ${Math.round(limits.bytes / 1024 ** 2)} MB`);
    const unpacked = unpack(archive, entry, inner);
    if ('error' in unpacked || !isArchive(unpacked.bytes)) {
      yield unpacked;
      continue;
    }
    if (depth >= limits.depth) {
      yield { path: inner, error: tooDeep(inner, limits.depth) };
      continue;
    }
    try {
      yield* expand(unpacked.bytes, inner, depth + 1, count);
    } catch (error) {
      // What is left of the whole is measured at the top: past a limit nothing more is taken out.
      if (count.files > limits.files || count.bytes > limits.bytes) throw error;
      yield { path: inner, error: asError(error, inner) };
    }
  }
}

function unpack(archive: Uint8Array, entry: ZipEntry, path: string): Unpacked {
  try {
    return { path, bytes: unzipEntry(archive, entry) };
  } catch (error) {
    return { path, error: asError(error, path) };
  }
}

function asError(error: unknown, path: string): VecdropError {
  return toVecdropError(error, 'file/broken', `“${fileName(path)}” could not be taken out of its archive.`);
}

function tooDeep(path: string, depth: number): VecdropError {
  return new VecdropError(
    'file/unsupported',
    `“${fileName(path)}” is an archive within ${depth} others. Unpack it and add the files inside.`,
  );
}

/** An entry's name as a path below its archive. */
function safeName(name: string): string {
  const parts = name
    .replaceAll('\\', '/')
    .replace(/\p{Cc}/gu, '')
    .split('/')
    .filter(part => part !== '' && part !== '.' && part !== '..' && !/^[a-z]:$/i.test(part));
  return parts.join('/') || 'unnamed';
}

/** 'a.txt', then 'a (2).txt'. */
function unique(path: string, taken: Set<string>): string {
  let free = path;
  const dot = path.lastIndexOf('.') > path.lastIndexOf('/') + 1 ? path.lastIndexOf('.') : path.length;
  for (let i = 2; taken.has(free); i++) free = `${path.slice(0, dot)} (${i})${path.slice(dot)}`;
  taken.add(free);
  return free;
}
