import { VecdropError } from '../../domain/errors.ts';
import { Passing, patiently } from '../../rpc/patience.ts';
import { readEmbeddings, readModelNames } from './answer.ts';
import { fault, forbiddenAddress, statusFault, unreachable, wrongAnswer } from './faults.ts';

/** Sends a request out; may refuse by itself, with a VecdropError. */
export type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

export interface RemoteClientOptions {
  /** Ends before '/embeddings'. */
  baseUrl: string;
  /** Asked at every request. */
  key: () => string | undefined;
  fetch: Fetch;
  /** The page's address: what it may speak to depends on it. */
  page?: URL;
  /** How often what may pass is tried again; as often as there are waits where absent. */
  retries?: number;
  wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** An OpenAI-compatible server, as far as embedding goes. */
export interface RemoteClient {
  /** Names of the models it serves. */
  models(signal: AbortSignal): Promise<string[]>;
  /**
   * Vectors of the texts, as they come. Tries again what may pass, for about a minute. Rejects with AbortError,
   * 'engine/failed' (a sentence for a person), what `fetch` refuses by itself, or Refused, which may be for one text.
   */
  embed(model: string, texts: readonly string[], signal: AbortSignal): Promise<Float32Array[]>;
}

/** A request that takes longer has been lost. */
const REQUEST_MS = 120_000;

export function createRemoteClient(options: RemoteClientOptions): RemoteClient {
  const { key, fetch, page = new URL(self.location.href), retries, wait } = options;
  const baseUrl = options.baseUrl.replace(/\/+$/, '');
  let answered = false;

  async function once(path: string, body: unknown, signal: AbortSignal): Promise<unknown> {
    const forbidden = forbiddenAddress(baseUrl, page);
    if (forbidden) throw forbidden;
    const secret = key();
    const late = AbortSignal.timeout(REQUEST_MS);
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${baseUrl}${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
          ...(secret ? { Authorization: `Bearer ${secret}` } : {}),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        credentials: 'omit',
        signal: AbortSignal.any([signal, late]),
      });
      text = await response.text();
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof VecdropError) throw error;
      throw unreachable(baseUrl, page, answered, error);
    }
    answered = true;
    if (!response.ok) throw statusFault(response.status, response.headers.get('Retry-After'), text, baseUrl);
    try {
      return JSON.parse(text);
    } catch {
      throw wrongAnswer(baseUrl, 'its answer is not JSON');
    }
  }

  return {
    async models(signal) {
      const names = readModelNames(
        await once('/models', undefined, signal).catch(error => {
          throw error instanceof Passing ? fault(error.sentence, error.cause) : toFault(error);
        }),
      );
      if (typeof names === 'string') throw wrongAnswer(baseUrl, names);
      return names;
    },
    embed: (model, input, signal) =>
      patiently(
        async () => {
          const body = { model, input, encoding_format: 'float' };
          const vectors = readEmbeddings(await once('/embeddings', body, signal), input.length);
          if (typeof vectors === 'string') throw wrongAnswer(baseUrl, vectors);
          return vectors;
        },
        { signal, retries, wait, giveUp: ({ sentence, cause }) => fault(sentence, cause) },
      ),
  };
}

function toFault(error: unknown): unknown {
  return error instanceof VecdropError || !(error instanceof Error) || error.name === 'AbortError'
    ? error
    : fault(error.message, error);
}
