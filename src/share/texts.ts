import type { ShareTexts } from '../domain/share.ts';

/** The texts of a block, as they are kept: bytes, of which each record's begin at its place. */
export interface TextBlock {
  places: ShareTexts;
  /** UTF-8. */
  bytes: Uint8Array;
}

/** Unpacks a block of texts; see domain/share.ts. */
export async function readTexts(block: Uint8Array<ArrayBuffer>): Promise<TextBlock> {
  const { readable, writable } = new DecompressionStream('deflate');
  const writer = writable.getWriter();
  const [inflated] = await Promise.all([
    new Response(readable).arrayBuffer(),
    writer.write(block),
    writer.close(),
  ]);
  const bytes = new Uint8Array(inflated);
  const end = 4 + new DataView(inflated).getUint32(0, true);
  const places: ShareTexts = JSON.parse(new TextDecoder().decode(bytes.subarray(4, end)));
  return { places, bytes: bytes.subarray(end) };
}
