/** Pieces are handed to the browser's blob store at this size, so that memory does not grow with the export. */
const PART_BYTES = 1024 * 1024;

/** Gathers an export into a Blob, which the browser keeps on disk when it is large. */
export async function toBlob(pieces: AsyncIterable<Uint8Array>, mediaType: string): Promise<Blob> {
  const parts: Blob[] = [];
  let held: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  for await (const piece of pieces) {
    held.push(piece as Uint8Array<ArrayBuffer>);
    bytes += piece.byteLength;
    if (bytes < PART_BYTES) continue;
    const part = new Blob(held);
    held = [];
    bytes = 0;
    // Read back, it is with the browser: till then its bytes would pile up here, faster than they are taken.
    await part.slice(0, 1).arrayBuffer();
    parts.push(part);
  }
  return new Blob([...parts, ...held], { type: mediaType });
}

/** Writes an export into a file. When it fails or is aborted, the file stays as it was. Resolves to the bytes written. */
export async function toFile(
  pieces: AsyncIterable<Uint8Array>,
  target: FileSystemFileHandle,
): Promise<number> {
  const stream = await target.createWritable();
  let bytes = 0;
  try {
    for await (const piece of pieces) {
      await stream.write(piece as Uint8Array<ArrayBuffer>);
      bytes += piece.byteLength;
    }
  } catch (error) {
    await stream.abort(error).catch(() => {});
    throw error;
  }
  await stream.close();
  return bytes;
}
