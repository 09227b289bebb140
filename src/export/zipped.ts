import { Zip, ZipDeflate, ZipPassThrough } from 'fflate';
import { VecdropError } from '../domain/errors.ts';

export interface ZippedFile {
  name: string;
  pieces: AsyncIterable<Uint8Array>;
  /** Deflated where true, for texts; else stored as it is: vectors hardly shrink. */
  pack?: boolean;
}

/** What a zip's 32-bit sizes and 16-bit counts hold; every program reads those. */
const MAX_BYTES = 2 ** 32 - 64 * 1024 * 1024;
const MAX_FILES = 65_535;
/** Of 9: texts come to a third, at 50 MB/s. */
const LEVEL = 4;

/** Files of an archive in pieces; none is held. Throws 'file/too-large' where a zip cannot hold them. */
export async function* zipped(
  files: Iterable<ZippedFile> | AsyncIterable<ZippedFile>,
): AsyncGenerator<Uint8Array> {
  const ready: Uint8Array[] = [];
  let bytes = 0;
  let count = 0;
  const zip = new Zip((error, piece) => {
    if (error) throw error;
    ready.push(piece);
  });
  const out = () => {
    const pieces = ready.splice(0);
    for (const piece of pieces) bytes += piece.byteLength;
    if (bytes > MAX_BYTES) throw tooLarge('more than 4 GB');
    return pieces;
  };
  for await (const { name, pieces, pack } of files) {
    count += 1;
    if (count > MAX_FILES) throw tooLarge(`more than ${MAX_FILES.toLocaleString('en')} files`);
    const entry = pack ? new ZipDeflate(name, { level: LEVEL }) : new ZipPassThrough(name);
    zip.add(entry);
    for await (const piece of pieces) {
      entry.push(piece);
      yield* out();
    }
    entry.push(new Uint8Array(0), true);
    yield* out();
  }
  zip.end();
  yield* out();
}

function tooLarge(what: string): VecdropError {
  return new VecdropError(
    'file/too-large',
    `This would be ${what}, which a zip cannot hold. Export fewer files at a time, or without their originals.`,
  );
}
