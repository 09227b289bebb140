import { awkwardRecords, bareApp, headerOf } from '../../testing.ts';
import { sqlite } from '../sqlite.ts';

/** Writes as many records as it is told, and says what is left on disk. */
self.onmessage = ({ data: count }: MessageEvent<number>) =>
  void write(count).then(
    answer => self.postMessage(answer),
    error => self.postMessage({ error: String(error) }),
  );

async function write(count: number) {
  const records = Array.from({ length: count }, (_, index) => {
    const record = awkwardRecords[index % awkwardRecords.length];
    if (!record) throw new Error('There is no record to write.');
    return { ...record, id: `id-${index}`, ordinal: index };
  });
  const before = await names();
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let during: string[] = [];
  const each = async function* () {
    yield* records;
  };
  for await (const piece of sqlite.files[0].encode(headerOf(records), each, bareApp)) {
    during = await names();
    pieces.push(piece.slice());
  }
  const bytes = new Uint8Array(await new Blob(pieces).arrayBuffer());
  return { bytes, before, during, after: await names() };
}

async function names(): Promise<string[]> {
  const found: string[] = [];
  for await (const name of (await navigator.storage.getDirectory()).keys()) found.push(name);
  return found.sort();
}
