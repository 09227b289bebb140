import { Zip, ZipPassThrough } from 'fflate';

/** Files of an archive, stored as they are: what is exported hardly shrinks, and nothing is held. */
export async function* zipped(
  files: Iterable<{ name: string; pieces: AsyncIterable<Uint8Array> }>,
): AsyncGenerator<Uint8Array> {
  const ready: Uint8Array[] = [];
  const zip = new Zip((error, piece) => {
    if (error) throw error;
    ready.push(piece);
  });
  for (const { name, pieces } of files) {
    const entry = new ZipPassThrough(name);
    zip.add(entry);
    for await (const piece of pieces) {
      entry.push(piece);
      yield* ready.splice(0);
    }
    entry.push(new Uint8Array(0), true);
    yield* ready.splice(0);
  }
  zip.end();
  yield* ready.splice(0);
}
