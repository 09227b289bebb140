import { VecdropError } from '../../domain/errors.ts';
import { isLoopback } from '../../domain/hosts.ts';
import { Passing, retryAfterMs } from '../../rpc/patience.ts';

/** The server will not take what was asked of it: one of the texts, perhaps. */
export class Refused extends Error {}

/** The longest that a server's own words are quoted. */
const QUOTED = 200;

/** Why a page may not even ask: undefined where it may. */
export function forbiddenAddress(baseUrl: string, page: URL): VecdropError | undefined {
  const { protocol, hostname, origin } = new URL(baseUrl);
  if (page.protocol !== 'https:' || protocol !== 'http:' || isLoopback(hostname)) return undefined;
  return fault(
    `This page came over https, so browsers do not let it speak to ${origin} over http. Give the server an https address, or open Vecdrop from a local http address.`,
  );
}

/** A request that brought no answer: browsers do not tell whether nobody is there, or the answer may not be read. */
export function unreachable(baseUrl: string, page: URL, known: boolean, cause: unknown): Error {
  const { origin } = new URL(baseUrl);
  const sentence = known
    ? `The connection to ${origin} was lost. Check that the server runs, then resume.`
    : `${origin} gave no answer that this page may read. Check that the server runs, and that it allows requests from ${page.origin} (CORS): it must send “Access-Control-Allow-Origin: ${page.origin}”, and allow the headers “Authorization” and “Content-Type”.`;
  return new Passing(sentence, undefined, cause);
}

/** What a status other than 200 means. `said` is the server's own answer. */
export function statusFault(status: number, retryAfter: string | null, said: string, baseUrl: string): Error {
  const { origin } = new URL(baseUrl);
  const words = wordsOf(said);
  const quote = words ? ` It says: “${words}”` : '';
  if (status === 401 || status === 403) {
    return fault(
      `${origin} refuses the key (${status}). Give the right key in the Models panel, then resume.${quote}`,
    );
  }
  if (status === 404 || status === 405) {
    return fault(
      `${origin} has no such model or address (${status}). Check that the base URL ends before “/embeddings”, and that the server still serves the model.${quote}`,
    );
  }
  if (status === 429) {
    return new Passing(
      `${origin} takes no more requests for now (429). Resume later.${quote}`,
      retryAfterMs(retryAfter),
    );
  }
  if (status === 408 || status >= 500) {
    return new Passing(
      `${origin} fails (${status}). Look at the server, then resume.${quote}`,
      retryAfterMs(retryAfter),
    );
  }
  return new Refused(`${origin} refuses the request (${status}).${quote}`);
}

/** For an answer that is none: it names what was expected. */
export function wrongAnswer(baseUrl: string, expected: string): VecdropError {
  return fault(
    `${new URL(baseUrl).origin} answers, but not as an OpenAI-compatible server: ${expected}. Check the base URL; it usually ends with “/v1”.`,
  );
}

export function fault(sentence: string, cause?: unknown): VecdropError {
  return new VecdropError('engine/failed', sentence, cause);
}

/** The message of OpenAI's envelope, else the beginning of a plain text. */
function wordsOf(said: string): string {
  try {
    const { error, message } = JSON.parse(said);
    const words = typeof error === 'string' ? error : (error?.message ?? message);
    return typeof words === 'string' ? words.slice(0, QUOTED) : '';
  } catch {
    return said.startsWith('<') ? '' : said.trim().slice(0, QUOTED);
  }
}
