import type { ServerDoor } from './doors.tsx';

/** Where `npm start` serves the page unless told otherwise. */
const USUAL_SERVER = 'http://127.0.0.1:8080/v1';

/**
 * Where the API is, without a slash at the end: for scripts of this page, and for programs. A page from elsewhere than
 * this machine has no server for programs: they are shown the one that they would start.
 */
export function apiBases(baseUri: string, server: ServerDoor): { page: string; server: string } {
  const page = new URL('v1', baseUri);
  const here = server !== 'none' || page.hostname === '127.0.0.1';
  return { page: page.href, server: here ? page.href : USUAL_SERVER };
}
