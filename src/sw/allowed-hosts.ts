import { connectSources, hostsCache, hostsEntry } from '../domain/hosts.ts';
import { scope } from './scope.ts';

/** The one script that speaks to other hosts; pages, parsers and engines are bound to their own origin as ever. */
const SPEAKER = /\/workspace\.worker-[^/]+\.js$/;

/** What a script may connect to besides its own origin: for the workspace's worker, the hosts that a person allowed. */
export async function allowedSources(url: string): Promise<string[]> {
  if (!SPEAKER.test(url)) return [];
  const kept = await caches.match(hostsEntry(scope), { cacheName: hostsCache(scope) });
  return kept ? connectSources((await kept.json()) as string[]) : [];
}
