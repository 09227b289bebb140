import { securityHeaders } from '../../scripts/headers.ts';

const HEADERS = Object.entries(securityHeaders());

/** The response with the project's headers where the host has sent none of its own. */
export function secured({ body, status, statusText, headers: sent }: Response): Response {
  const headers = new Headers(sent);
  for (const [name, value] of HEADERS) if (!headers.has(name)) headers.set(name, value);
  return new Response(body, { status, statusText, headers });
}
