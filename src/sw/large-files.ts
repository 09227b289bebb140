import { type LargeFile, largeFiles } from './manifest.ts';
import { scope } from './scope.ts';

const LARGE_CACHE = `vecdrop-large:${scope}`;

/** A download under way: a response to clone, and whether it got into the cache. */
interface Download {
  source: Response;
  kept: Promise<boolean>;
}

/** Lost when the service worker is stopped; then the worst is a second download. */
const downloads = new Map<string, Promise<Download>>();

/** The file that an address means, if it is one that this browser keeps. */
export function largeFileAt(url: string): LargeFile | undefined {
  return largeFiles.find(file => file.url === url);
}

/** From the cache, else from the network, once: what is under way for the cache serves the page too. */
export async function fetchLarge(file: LargeFile, request: Request): Promise<Response> {
  const cached = await caches.match(keyOf(file), { cacheName: LARGE_CACHE });
  if (request.method === 'HEAD') return cached ? new Response(null, cached) : fetch(request);
  return cached ?? (await download(file)).source.clone();
}

/** Brings what is missing into the cache; true when all is there. */
export async function keepLargeFiles(): Promise<boolean> {
  const kept = await Promise.all(
    largeFiles.map(async file => {
      if (await caches.match(keyOf(file), { cacheName: LARGE_CACHE })) return true;
      return (await download(file)).kept;
    }),
  ).catch(() => [false]);
  return kept.every(Boolean);
}

/** Drops files that this version does not use. */
export async function dropOldLargeFiles(): Promise<void> {
  const cache = await caches.open(LARGE_CACHE);
  const current = new Set(largeFiles.map(keyOf));
  for (const request of await cache.keys()) if (!current.has(request.url)) await cache.delete(request);
}

/** The same address may hold another file in the next version. */
function keyOf({ url, integrity }: LargeFile): string {
  return `${url}?integrity=${encodeURIComponent(integrity)}`;
}

function download(file: LargeFile): Promise<Download> {
  const running = downloads.get(file.url);
  if (running) return running;
  const started = fetch(file.url).then(source => {
    const kept = keep(file, source.clone()).catch(() => false);
    void kept.then(() => downloads.delete(file.url));
    return { source, kept };
  });
  started.catch(() => downloads.delete(file.url));
  downloads.set(file.url, started);
  return started;
}

/** Puts a response into the cache if it is what the build had; a stale one of the HTTP cache is fetched anew, once. */
async function keep(file: LargeFile, response: Response): Promise<boolean> {
  const good =
    (await verified(file, response)) ?? (await verified(file, await fetch(file.url, { cache: 'reload' })));
  if (!good) return false;
  const cache = await caches.open(LARGE_CACHE);
  await cache.put(keyOf(file), good);
  return true;
}

async function verified({ integrity }: LargeFile, response: Response): Promise<Response | undefined> {
  if (!response.ok) return undefined;
  const { headers } = response;
  const bytes = await response.arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  if (`sha256-${btoa(String.fromCharCode(...digest))}` !== integrity) return undefined;
  return new Response(bytes, { headers });
}
