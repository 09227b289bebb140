import { VecdropError } from '../../domain/errors.ts';
import { Passing, patiently, retryAfterMs } from '../../rpc/patience.ts';
import type { ClientOptions } from './database.ts';

/** The server finds the request too long. */
export class TooLarge extends Error {}

export interface HttpOptions extends ClientOptions {
  /** The database's name, for sentences. */
  name: string;
  headers: Record<string, string>;
  /** What to set on the server so that this page may read its answers. */
  howToAllow: string;
}

export interface DatabaseHttp {
  /** The answer's JSON. With `missing`, undefined where the server has no such thing (404). */
  ask(
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    signal: AbortSignal,
    options?: { body?: string; missing?: boolean },
  ): Promise<unknown>;
  /** For an answer that is none: what was expected. */
  wrongAnswer(expected: string): VecdropError;
}

/** A request that takes longer has been lost. */
const REQUEST_MS = 120_000;
/** The longest that a server's own words are quoted. */
const QUOTED = 200;

/** Requests to one database, tried again while that may help, and what their failures mean. */
export function createHttp(options: HttpOptions): DatabaseHttp {
  const { name, address, headers, fetch, retries, wait } = options;
  const { host, origin } = new URL(address);
  let answered = false;

  async function once(method: string, path: string, body: string | undefined, signal: AbortSignal) {
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${address}${path}`, {
        method,
        headers: { ...headers, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
        ...(body === undefined ? {} : { body }),
        credentials: 'omit',
        signal: AbortSignal.any([signal, AbortSignal.timeout(REQUEST_MS)]),
      });
      text = await response.text();
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof VecdropError) throw error;
      throw new Passing(unanswered(), undefined, error);
    }
    answered = true;
    return { status: response.status, retryAfter: response.headers.get('Retry-After'), text };
  }

  /** Browsers do not tell whether nobody is there, or the answer may not be read. */
  function unanswered(): string {
    if (answered) return `The connection to ${host} was lost. Check that ${name} runs, then send again.`;
    return `${origin} gave no answer that this page may read. Check that ${name} runs there, and that it answers pages of ${options.origin} (CORS). ${options.howToAllow}`;
  }

  function refusal(status: number, retryAfter: string | null, text: string): Error {
    const words = wordsOf(text);
    const quote = words ? ` It says: “${words}”` : '';
    if (status === 401 || status === 403) {
      const key = options.key ? 'refuses the key' : 'wants a key';
      return new VecdropError(
        'database/refused',
        `${name} at ${host} ${key} (${status}). Give one that may write.${quote}`,
      );
    }
    if (status === 413 || /larger than allowed/i.test(words)) return new TooLarge(words);
    if (status === 408 || status === 429 || status >= 500) {
      const how = status === 429 ? 'takes no more requests for now' : 'fails';
      return new Passing(
        `${name} at ${host} ${how} (${status}). Send again later.${quote}`,
        retryAfterMs(retryAfter),
      );
    }
    return new VecdropError(
      'database/refused',
      `${name} at ${host} refuses the request (${status}).${quote}`,
    );
  }

  function wrongAnswer(expected: string): VecdropError {
    return new VecdropError(
      'database/unreachable',
      `${host} answers, but not as ${name}: ${expected}. Check the address.`,
    );
  }

  return {
    ask: (method, path, signal, { body, missing = false } = {}) =>
      patiently(
        async () => {
          const { status, retryAfter, text } = await once(method, path, body, signal);
          if (status === 404 && missing) return undefined;
          if (status < 200 || status > 299) throw refusal(status, retryAfter, text);
          try {
            return JSON.parse(text);
          } catch {
            throw wrongAnswer('its answer is not JSON');
          }
        },
        {
          signal,
          retries,
          wait,
          giveUp: ({ sentence, cause }) => new VecdropError('database/unreachable', sentence, cause),
        },
      ),
    wrongAnswer,
  };
}

/** A server's own words: Qdrant has them in `status.error`, Chroma in `message`. */
function wordsOf(said: string): string {
  try {
    const { status, message, error } = JSON.parse(said);
    const words = status?.error ?? message ?? error;
    return typeof words === 'string' ? words.slice(0, QUOTED) : '';
  } catch {
    return said.startsWith('<') ? '' : said.trim().slice(0, QUOTED);
  }
}
