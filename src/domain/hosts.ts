/** The cache where the workspace leaves the allowed hosts for the service worker; `scope` is the page's folder. */
export const hostsCache = (scope: string) => `vecdrop-hosts:${scope}`;
/** The one entry of that cache: a JSON array of origins. */
export const hostsEntry = (scope: string) => `${scope}allowed-hosts.json`;

/**
 * Hosts that come as a group: allowing the first allows the others, which it sends downloads on to. Hugging Face keeps
 * its files on cdn-lfs*.hf.co and cas-bridge.xethub.hf.co, older ones on cdn-lfs*.huggingface.co.
 */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  'https://huggingface.co': ['https://*.huggingface.co', 'https://*.hf.co'],
};

/** What a policy's connect-src must name so that requests to these origins may go out, redirects within a group too. */
export function connectSources(origins: readonly string[]): string[] {
  return origins.flatMap(origin => [origin, ...(GROUPS[origin] ?? [])]);
}

/** Whether an address may answer for an allowed origin. */
export function belongsTo(address: string, origin: string): boolean {
  const url = new URL(address);
  return connectSources([origin]).some(source => {
    if (!source.includes('//*.')) return url.origin === source;
    const { protocol, hostname } = new URL(source.replace('*.', ''));
    return url.protocol === protocol && url.hostname.endsWith(`.${hostname}`);
  });
}

/** Whether a host name means this very computer: browsers let a page that came over https speak to it over http. */
export function isLoopback(hostname: string): boolean {
  return /^(.+\.)?localhost$|^\[::1\]$|^127(\.\d+){3}$/.test(hostname);
}
