import { VecdropError } from '../domain/errors.ts';
import { type Answer, type Asked, failed, hostOf, Lost, readAnswer, type Told, webPage } from './response.ts';
import { type RetryOptions, retrying } from './retry.ts';

/** Where the bytes of a file go. */
export interface Sink {
  /** Bytes received so far: always the beginning of the file. */
  readonly size: number;
  append(bytes: Uint8Array<ArrayBuffer>): void;
  clear(): void;
}

/** A file that is to be received. */
export type Part = Omit<Asked, 'from'>;

export interface PartOptions extends Omit<RetryOptions, 'progress'> {
  fetch: (url: string, init: RequestInit) => Promise<Response>;
  sink: Sink;
  /** The host has told of the file: keep it for a later resumption. A rejection (no space, say) ends the download. */
  onTold?: (told: Told) => Promise<void>;
  onBytes?: (count: number) => void;
  /** Without a byte for so long, a connection counts as lost. */
  stallMs?: number;
}

const STALL_MS = 60_000;
const MAGIC = 'GGUF';

/**
 * Receives a GGUF file into the sink, going on from what is there; tries again where the connection is lost. Rejects
 * with 'download/waiting' where trying later may help, 'download/failed' where it will not, AbortError, and whatever the
 * sink, `fetch` (a VecdropError) or `onTold` throw. What was received stays in the sink unless it is known to be wrong.
 *
 * Every request asks for a range: the browser then asks for no packing, and a range alone needs no CORS preflight, which
 * If-Range would. Whether the file is still the same is seen by comparing what the host says of it.
 */
export async function receivePart(part: Part, options: PartOptions): Promise<void> {
  let known = part;
  const onTold = async (told: Told) => {
    known = { ...known, told };
    await options.onTold?.(told);
  };
  const { sink } = options;
  const total = part.bytes ?? part.told?.total;
  if (sink.size > 0 && sink.size === total) return;
  await retrying(() => attempt(known, { ...options, onTold }), { ...options, progress: () => sink.size });
}

async function attempt(part: Part, options: PartOptions): Promise<void> {
  const { sink, onTold } = options;
  const connection = watch(options.signal, options.stallMs ?? STALL_MS);
  try {
    let { answer, body } = await ask(part, options, connection.signal);
    if (answer.kind === 'stale') {
      sink.clear();
      ({ answer, body } = await ask(part, options, connection.signal));
    }
    if (answer.kind === 'whole') return;
    if (answer.kind === 'stale')
      throw new Lost(`${hostOf(part.url)} does not send “${part.name}” from its beginning.`);
    if (answer.at === 0 && sink.size > 0) sink.clear();
    const { total, validator } = answer;
    await onTold?.({
      ...(total !== undefined ? { total } : {}),
      ...(validator !== undefined ? { validator } : {}),
    });
    await receive(body, part, part.bytes ?? total, options, connection.alive);
  } finally {
    connection.close();
  }
}

async function ask(
  part: Part,
  { fetch, sink }: PartOptions,
  signal: AbortSignal,
): Promise<{ answer: Answer; body: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>> | undefined }> {
  const headers = { Range: `bytes=${sink.size}-` };
  let response: Response;
  try {
    response = await fetch(part.url, {
      headers,
      signal,
      cache: 'no-store',
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
    });
  } catch (error) {
    if (error instanceof VecdropError) throw error;
    throw new Lost(
      `There is no connection to ${hostOf(part.url)}, or it does not let web pages fetch “${part.name}” (CORS).`,
      { cause: error },
    );
  }
  try {
    const answer = readAnswer(response, { ...part, from: sink.size });
    const body = response.body?.getReader();
    if (answer.kind !== 'bytes') void body?.cancel();
    return { answer, body };
  } catch (error) {
    void response.body?.cancel();
    throw error;
  }
}

type Body = ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>;

/** Takes a body to its end. `total` is the size of the whole file, where somebody has told. */
async function receive(
  body: Body | undefined,
  part: Part,
  total: number | undefined,
  { sink, onBytes }: PartOptions,
  alive: () => void,
): Promise<void> {
  try {
    for (;;) {
      const bytes = await next(body, part, sink, total, sink.size === 0 ? MAGIC.length : 1);
      alive();
      if (!bytes) break;
      if (sink.size === 0) checkBeginning(bytes, part);
      if (total !== undefined && sink.size + bytes.length > total) {
        sink.clear();
        throw failed(
          `${hostOf(part.url)} sends more than the ${total} bytes that “${part.name}” should have. Check the address.`,
        );
      }
      sink.append(bytes);
      onBytes?.(bytes.length);
    }
  } catch (error) {
    void body?.cancel().catch(() => {});
    throw error;
  }
  if (sink.size === 0)
    throw failed(`The file “${part.name}” at ${hostOf(part.url)} is empty. Check the address.`);
  if (total !== undefined && sink.size < total) throw ended(part, sink, total);
}

/** The next bytes, at least so many unless the body ends; undefined at its end. Throws Lost. */
async function next(
  body: Body | undefined,
  part: Part,
  sink: Sink,
  total: number | undefined,
  least: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  let gathered = new Uint8Array(0);
  while (gathered.length < least) {
    const read = await body?.read().catch(cause => {
      throw ended(part, sink, total, cause);
    });
    if (!read || read.done) break;
    gathered = gathered.length === 0 ? read.value : concat(gathered, read.value);
  }
  return gathered.length === 0 ? undefined : gathered;
}

/** What cannot become a model is refused before gigabytes of it arrive. */
function checkBeginning(bytes: Uint8Array, part: Part): void {
  const beginning = new TextDecoder('latin1').decode(bytes.subarray(0, 64));
  if (beginning.startsWith(MAGIC)) return;
  if (/^\s*</.test(beginning)) throw webPage(part);
  if (beginning.startsWith('version https://git-lfs')) {
    throw failed(
      `“${part.name}” at ${hostOf(part.url)} is a pointer to the file, not the file. Take the address of its download button.`,
    );
  }
  throw failed(
    `“${part.name}” at ${hostOf(part.url)} is no GGUF file. Look for one whose name ends with .gguf.`,
  );
}

function ended(part: Part, { size }: Sink, total: number | undefined, cause?: unknown): Lost {
  const place = total === undefined ? '' : ` at ${Math.floor((size / total) * 100)} %`;
  return new Lost(`The connection to ${hostOf(part.url)} was lost${place} of “${part.name}”.`, { cause });
}

/** A signal that aborts with the other one, or when nobody has called `alive` for a while. */
function watch(signal: AbortSignal, stallMs: number) {
  const controller = new AbortController();
  const abort = () => controller.abort();
  let timer = setTimeout(abort, stallMs);
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  return {
    signal: controller.signal,
    alive() {
      clearTimeout(timer);
      timer = setTimeout(abort, stallMs);
    },
    close() {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    },
  };
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(a.length + b.length);
  whole.set(a);
  whole.set(b, a.length);
  return whole;
}
