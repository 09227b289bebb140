/** Pieces are handed to the browser's blob store at this size, so that memory does not grow with the export. */
const PART_BYTES = 1024 * 1024;

/**
 * Gathers an export into a Blob, which the browser keeps on disk when it is large. A piece is read before the next is
 * asked for, so that its memory may be used again.
 */
export async function toBlob(pieces: AsyncIterable<Uint8Array>, mediaType: string): Promise<Blob> {
  const parts: Blob[] = [];
  // One buffer for all: thrown away by the part, they would fill the memory until the garbage is collected.
  const buffer = new Uint8Array(PART_BYTES);
  let filled = 0;
  for await (const piece of pieces) {
    for (let at = 0; at < piece.length; ) {
      const some = piece.subarray(at, at + PART_BYTES - filled);
      buffer.set(some, filled);
      filled += some.length;
      at += some.length;
      if (filled < PART_BYTES) continue;
      parts.push(await handedOver(new Blob([buffer])));
      filled = 0;
    }
  }
  return new Blob([...parts, buffer.subarray(0, filled)], { type: mediaType });
}

/** Read back, a Blob is with the browser: till then its bytes would pile up here, faster than they are taken. */
async function handedOver(blob: Blob): Promise<Blob> {
  await blob.slice(0, 1).arrayBuffer();
  return blob;
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
