import { decode } from '../../encoding.ts';

/** One part of a message (RFC 2045). */
export interface Part {
  /** Names in small letters; values unfolded, not decoded. */
  headers: ReadonlyMap<string, string>;
  /** 'text/plain' and its like. */
  type: string;
  charset: string | undefined;
  /** Of an attachment. */
  filename: string | undefined;
  isAttachment: boolean;
  parts: Part[];
  /** What is in it, decoded from its transfer. */
  bytes: Uint8Array;
}

/** Messages within messages within messages. */
const MAX_DEPTH = 20;
const MAX_PARTS = 1000;

/** A message or part from its bytes, one character each. */
export function parsePart(raw: string, depth = 0, count = { parts: 0 }): Part {
  count.parts++;
  const gap = /\n\r?\n/.exec(raw);
  const headers = parseHeaders(gap ? raw.slice(0, gap.index + 1) : raw);
  const body = gap ? raw.slice(gap.index + gap[0].length) : '';
  const content = headers.get('content-type') ?? 'text/plain';
  const type = (/^[^;\s]+/.exec(content)?.[0] ?? 'text/plain').toLowerCase();
  const disposition = headers.get('content-disposition') ?? '';
  const filename = parameter(disposition, 'filename') ?? parameter(content, 'name');
  const part: Part = {
    headers,
    type,
    charset: parameter(content, 'charset'),
    filename: filename === undefined ? undefined : decodeWords(filename),
    isAttachment: /^attachment/i.test(disposition),
    parts: [],
    bytes: decodeTransfer(body, headers.get('content-transfer-encoding')),
  };
  if (depth >= MAX_DEPTH || count.parts > MAX_PARTS) return part;
  const boundary = parameter(content, 'boundary');
  if (type.startsWith('multipart/') && boundary !== undefined) {
    part.parts = split(body, boundary).map(each => parsePart(each, depth + 1, count));
  } else if (type === 'message/rfc822') part.parts = [parsePart(body, depth + 1, count)];
  return part;
}

function parseHeaders(head: string): Map<string, string> {
  const headers = new Map<string, string>();
  for (const line of head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).trim().toLowerCase();
    if (colon > 0 && !headers.has(name)) headers.set(name, line.slice(colon + 1).trim());
  }
  return headers;
}

function split(body: string, boundary: string): string[] {
  const mark = `--${boundary}`;
  const parts: string[] = [];
  let start = -1;
  for (let at = 0; at <= body.length; ) {
    const newline = body.indexOf('\n', at);
    const end = newline < 0 ? body.length : newline;
    if (body.startsWith(mark, at)) {
      const rest = body.slice(at + mark.length, end).trim();
      if (rest === '' || rest === '--') {
        if (start >= 0) parts.push(body.slice(start, at));
        start = rest === '--' ? -1 : end + 1;
        if (rest === '--') break;
      }
    }
    at = end + 1;
  }
  if (start >= 0 && start < body.length) parts.push(body.slice(start));
  return parts;
}

/** A parameter of a header, plain or as RFC 2231 has it. */
function parameter(header: string, name: string): string | undefined {
  const plain = new RegExp(`;\\s*${name}\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|([^;\\s]+))`, 'i').exec(header);
  if (plain) return (plain[1] ?? plain[2])?.replace(/\\(.)/g, '$1');
  const extended = new RegExp(`;\\s*${name}\\*(?:0\\*)?\\s*=\\s*"?([\\w-]*)'[^']*'([^;"\\s]+)`, 'i').exec(
    header,
  );
  if (!extended) return undefined;
  const bytes = quotedBytes((extended[2] ?? '').replaceAll('%', '='));
  return decode(bytes, extended[1]).text;
}

/** 'Encoded words' of a header (RFC 2047), and bytes that are UTF-8 without saying so. */
export function decodeWords(value: string): string {
  const joined = value.replace(/(\?=)\s+(?==\?)/g, '$1');
  const decoded = joined.replace(
    /=\?([^?*]+)(?:\*[^?]*)?\?([bq])\?([^?]*)\?=/gi,
    (whole, charset, encoding, text) => {
      const bytes = /b/i.test(encoding) ? base64Bytes(text) : quotedBytes(text.replaceAll('_', ' '));
      try {
        return new TextDecoder(charset).decode(bytes);
      } catch {
        return whole;
      }
    },
  );
  return decoded === value && /[\x80-\xff]/.test(value) ? decode(toBytes(value)).text : decoded;
}

function decodeTransfer(body: string, encoding: string | undefined): Uint8Array {
  if (/^\s*base64/i.test(encoding ?? '')) return base64Bytes(body);
  if (/^\s*quoted-printable/i.test(encoding ?? '')) return quotedBytes(body.replace(/=[ \t]*\r?\n/g, ''));
  return toBytes(body);
}

function base64Bytes(text: string): Uint8Array {
  const clean = text.replace(/[^A-Za-z0-9+/]/g, '');
  try {
    return toBytes(atob(clean.slice(0, clean.length - (clean.length % 4 === 1 ? 1 : 0))));
  } catch {
    return new Uint8Array();
  }
}

function quotedBytes(text: string): Uint8Array {
  return toBytes(text.replace(/=([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))));
}

function toBytes(text: string): Uint8Array {
  return Uint8Array.from(text, unit => unit.charCodeAt(0));
}
