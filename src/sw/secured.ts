import { securityHeaders, withConnectSources } from '../../scripts/headers.ts';

const POLICY = 'Content-Security-Policy';
const HEADERS = Object.entries(securityHeaders());

/**
 * The response with the project's headers where the host has sent none of its own. `sources` may be connected to
 * besides, whatever policy came: a person has allowed them.
 */
export function secured(
  { body, status, statusText, headers: sent }: Response,
  sources: readonly string[] = [],
): Response {
  const headers = new Headers(sent);
  for (const [name, value] of HEADERS) if (!headers.has(name)) headers.set(name, value);
  if (sources.length > 0) headers.set(POLICY, withConnectSources(headers.get(POLICY) ?? '', sources));
  return new Response(body, { status, statusText, headers });
}
