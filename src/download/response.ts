import { VecdropError } from '../domain/errors.ts';

/** What was asked for. */
export interface Asked {
  url: string;
  /** File name, for messages. */
  name: string;
  /** Where the bytes should begin. */
  from: number;
  /** What a listing says that the file weighs. */
  bytes?: number | undefined;
  /** What the host said when the bytes before `from` came. */
  told?: Told | undefined;
}

/** What a host says of a file. */
export interface Told {
  total?: number;
  /** ETag or Last-Modified: another one means another file. */
  validator?: string;
}

/** What an answer means for a download: bytes from `at` on, or all is there, or what is there is of no use. */
export type Answer = ({ kind: 'bytes'; at: number } & Told) | { kind: 'whole' } | { kind: 'stale' };

/** A try that failed in a way that another may not. */
export class Lost extends Error {}

/**
 * Reads status and headers. Another origin's ETag and Content-Range can be read only where its CORS headers expose them;
 * Content-Length, Content-Type and Last-Modified always. Throws Lost, or 'download/failed' where trying again is vain.
 */
export function readAnswer(response: Response, asked: Asked): Answer {
  const { status, headers } = response;
  if (status === 416) return readUnsatisfiable(headers, asked);
  if (status !== 200 && status !== 206) throw refusal(status, asked);
  if (/^text\/html\b/i.test(headers.get('Content-Type') ?? '')) throw webPage(asked);
  const { at, total } = status === 206 ? partial(headers, asked) : { at: 0, total: lengthOf(headers) };
  const validator = headers.get('ETag') ?? headers.get('Last-Modified') ?? undefined;
  const { from, bytes, told } = asked;
  if (bytes !== undefined && total !== undefined && total !== bytes) {
    throw failed(
      `“${asked.name}” should have ${bytes} bytes, but ${hostOf(asked.url)} sends ${total}. The file was changed: look the repository up again.`,
    );
  }
  if (at > 0) {
    const other = (old: unknown, now: unknown) => old !== undefined && now !== undefined && old !== now;
    if (at !== from || other(told?.total, total) || other(told?.validator, validator))
      return { kind: 'stale' };
  }
  return {
    kind: 'bytes',
    at,
    ...(total !== undefined ? { total } : {}),
    ...(validator !== undefined ? { validator } : {}),
  };
}

/** Content-Range where it can be read, else the length that is left. */
function partial(headers: Headers, { from }: Asked): { at: number; total?: number | undefined } {
  const [, first, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers.get('Content-Range') ?? '') ?? [];
  if (first !== undefined) return { at: Number(first), total: total === '*' ? undefined : Number(total) };
  const left = lengthOf(headers);
  return { at: from, total: left === undefined ? undefined : from + left };
}

/** What came of a range past the end: all is there, if the host says that the file ends here. */
function readUnsatisfiable(headers: Headers, { url, name, from, bytes, told }: Asked): Answer {
  const [, stated] = /^bytes \*\/(\d+)$/.exec(headers.get('Content-Range') ?? '') ?? [];
  const total = stated === undefined ? (bytes ?? told?.total) : Number(stated);
  if (from === 0) throw failed(`The file “${name}” at ${hostOf(url)} is empty. Check the address.`);
  return total === from ? { kind: 'whole' } : { kind: 'stale' };
}

/** Undefined for a body that is packed on its way: then the length is not the file's. */
function lengthOf(headers: Headers): number | undefined {
  const encoding = headers.get('Content-Encoding');
  const length = headers.get('Content-Length');
  if (length === null || (encoding !== null && encoding !== 'identity')) return undefined;
  return Number(length);
}

function refusal(status: number, { url, name }: Asked): Error {
  const host = hostOf(url);
  if (status === 404 || status === 410) {
    return failed(
      `There is no file “${name}” at this address: ${host} answered ${status}. Check the address.`,
    );
  }
  if (status === 401 || status === 403) {
    return failed(
      `${host} does not give “${name}” to everybody (${status}): it wants a sign-in, or its licence accepted. Download the file there, then drop it here.`,
    );
  }
  if (status === 408 || status === 429 || status >= 500) {
    return new Lost(`${host} is busy or out of order (${status}).`);
  }
  return failed(`${host} answered ${status} instead of sending “${name}”. Check the address.`);
}

export function webPage({ url, name }: Pick<Asked, 'url' | 'name'>): VecdropError {
  return failed(
    `${hostOf(url)} sent a web page instead of the file “${name}”: it may want a sign-in, or the address leads to a page about the file. Open the address in a new tab, download the file there, then drop it here.`,
  );
}

export function failed(sentence: string, cause?: unknown): VecdropError {
  return new VecdropError('download/failed', sentence, cause);
}

export function hostOf(url: string): string {
  return new URL(url).host;
}
