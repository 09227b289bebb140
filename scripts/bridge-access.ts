import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { ApiError } from '../src/api/errors.ts';

/** What browsers say of a request that no other site is behind. */
const OWN_SITE = ['same-origin', 'none'];

/** Throws 403 for what a page of another origin brings about, and 401 where a token is asked for and not shown. */
export function checkAccess({ headers }: IncomingMessage, origins: readonly string[], token?: string): void {
  const { origin } = headers;
  const site = headers['sec-fetch-site'];
  const foreign = origin !== undefined && !origins.includes(origin);
  if (foreign || (site !== undefined && !OWN_SITE.includes(String(site)))) {
    throw new ApiError(
      403,
      'Pages of other sites may not use this API. Call it from a program, or from its own page.',
      {
        code: 'origin_not_allowed',
      },
    );
  }
  if (token !== undefined && !isSame(headers.authorization ?? '', `Bearer ${token}`)) {
    throw new ApiError(
      401,
      'This server asks for its token. Send the header “Authorization: Bearer <token>”.',
      {
        code: 'invalid_api_key',
        headers: { 'WWW-Authenticate': 'Bearer' },
      },
    );
  }
}

/** Takes as long whatever differs. */
function isSame(given: string, wanted: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(given), hash(wanted));
}

/** Whether an address belongs to the API. It is judged as it was sent: nothing may become /v1/ by being resolved. */
export function isApiPath(url: string): boolean {
  return /^\/v1(\/|\?|$)/.test(url);
}

/** Throws 400 for addresses that mean another place than they say: dot segments, back slashes, control characters. */
export function checkPath(url: string): void {
  const [path = ''] = url.split('?');
  let decoded: string;
  try {
    decoded = decodeURIComponent(path);
  } catch {
    throw notAPath();
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (/[\\\u0000-\u001f\u007f]|\/\/|\/\.\.?(\/|$)/.test(decoded)) throw notAPath();
}

const notAPath = () => new ApiError(400, 'This address is not one of the API’s.', { code: 'invalid_path' });
