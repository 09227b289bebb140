/**
 * What the server of `npm start` and a tab say to each other. The server offers a request; the first tab that takes
 * it gets it, body and all, so that nothing is ever done by two tabs. `active` says that a person looks at the tab.
 */
export type ServerHead =
  | { type: 'offer'; id: number }
  | {
      type: 'request';
      id: number;
      method: string;
      url: string;
      headers: [string, string][];
      hasBody: boolean;
    }
  | { type: 'abort'; id: number }
  | { type: 'ping' };

export type TabHead =
  | { type: 'taken'; id: number }
  | { type: 'response'; id: number; status: number; headers: [string, string][] }
  | { type: 'failed'; id: number }
  | { type: 'active' }
  | { type: 'pong' };

/** Where on the server the tabs connect. */
export const DOOR_PATH = '/door';
/** The server names itself by this in Server-Timing on pages, and by this cookie on a service worker's script. */
export const DOOR_MARK = 'vecdrop-door';

/** Bytes that say how long the head is: an unsigned 32-bit number, little-endian. */
const LENGTH_BYTES = 4;

/** One message: the head's length, the head as JSON, the body. */
export function encodeFrame(head: ServerHead | TabHead, body: ArrayBuffer = new ArrayBuffer(0)): ArrayBuffer {
  const json = new TextEncoder().encode(JSON.stringify(head));
  const frame = new Uint8Array(LENGTH_BYTES + json.length + body.byteLength);
  new DataView(frame.buffer).setUint32(0, json.length, true);
  frame.set(json, LENGTH_BYTES);
  frame.set(new Uint8Array(body), LENGTH_BYTES + json.length);
  return frame.buffer;
}

/** The parts of a message; the body is a copy of its own. Throws when it is not one of encodeFrame's. */
export function decodeFrame<Head extends ServerHead | TabHead>(
  frame: ArrayBuffer,
): { head: Head; body: ArrayBuffer } {
  const end = LENGTH_BYTES + new DataView(frame).getUint32(0, true);
  if (end > frame.byteLength) throw new Error('The frame is shorter than it says.');
  const json = new TextDecoder('utf-8', { fatal: true }).decode(
    new Uint8Array(frame, LENGTH_BYTES, end - LENGTH_BYTES),
  );
  const head: unknown = JSON.parse(json);
  if (typeof head !== 'object' || head === null || !('type' in head))
    throw new Error('The frame has no head.');
  return { head: head as Head, body: frame.slice(end) };
}
