import { toVecdropError, VecdropError } from '../domain/errors.ts';
import { expandArchive } from '../ingest/archive.ts';
import { zipDirectory } from '../ingest/zip.ts';
import type { Addition } from './api.ts';

/** What is in memory of an archive's files at once, beside the archive and the one being taken out. */
export interface BatchLimits {
  files: number;
  bytes: number;
}

/** How many files an archive says it holds: about what will be taken out. */
export function fileCount(archive: Uint8Array): number {
  try {
    return zipDirectory(archive).length;
  } catch {
    return 0;
  }
}

/**
 * The files of an archive as additions, in batches within `limits` (one larger file is a batch of its own). They are a
 * folder's files, the archive being the folder: added again, a newer archive replaces what it changed. They have its time.
 * What cannot be taken out goes to `fail` with a sentence that names the archive; the rest goes on as far as it can.
 */
export function* unpackedBatches(
  archive: Uint8Array,
  { path, asked, file: { lastModified } }: Addition,
  limits: BatchLimits,
  fail: (path: string, error: VecdropError) => void,
): Generator<Addition[]> {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const refuse = (at: string, { code, message, cause }: VecdropError) =>
    fail(at, new VecdropError(code, `Unpacking “${name}”: ${message}`, cause));
  let batch: Addition[] = [];
  let bytes = 0;
  let found = 0;
  try {
    for (const entry of expandArchive(archive, path)) {
      found++;
      if ('error' in entry) {
        refuse(entry.path, entry.error);
        continue;
      }
      if (entry.path.toLowerCase().endsWith('.gguf')) {
        refuse(entry.path, modelInside());
        continue;
      }
      const size = entry.bytes.length;
      if (batch.length === limits.files || (batch.length > 0 && bytes + size > limits.bytes)) {
        yield batch;
        batch = [];
        bytes = 0;
      }
      const name = entry.path.slice(entry.path.lastIndexOf('/') + 1);
      const file = new File([entry.bytes as Uint8Array<ArrayBuffer>], name, { lastModified });
      batch.push({ file, path: entry.path, fromFolder: true, ...(asked ? { asked } : {}) });
      bytes += size;
    }
    if (found === 0) throw new VecdropError('file/empty', 'It holds no files. Add the files themselves.');
  } catch (error) {
    refuse(
      path,
      toVecdropError(error, 'file/broken', 'It cannot be opened. Unpack it and add the files inside.'),
    );
  }
  if (batch.length > 0) yield batch;
}

function modelInside(): VecdropError {
  return new VecdropError(
    'file/unsupported',
    'Models stay in archives. Unpack it and add the model by itself.',
  );
}
