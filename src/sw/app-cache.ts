import { PrecacheController } from 'workbox-precaching';
import { dropOldLargeFiles } from './large-files.ts';
import { appEntries, build } from './manifest.ts';
import { PAGE_LOCK } from './messages.ts';
import { openPages, scope } from './scope.ts';

declare const self: ServiceWorkerGlobalScope;

/** One cache a version: the pages of an old one keep getting its files, whichever version serves. */
const APP_CACHE = `vecdrop-app:${scope}:`;

const precache = new PrecacheController({ cacheName: APP_CACHE + build });
precache.addToCacheList(appEntries);

/** Fetches the whole app into this version's cache; the install fails unless all of it is there. */
export function installApp(event: ExtendableEvent): void {
  void precache.install(event);
}

/** A file of the app: this version's, or an older one's that a page of that version still asks for. */
export async function matchApp(url: string): Promise<Response | undefined> {
  const key = precache.getCacheKeyForURL(url);
  if (key) return caches.match(key, { cacheName: APP_CACHE + build });
  for (const cacheName of await oldCaches()) {
    const found = await caches.match(url, { cacheName });
    if (found) return found;
  }
  return undefined;
}

/** Whether `matchApp` may know the address: without asking the cache. */
export function isAppFile(url: string): boolean {
  return precache.getCacheKeyForURL(url) !== undefined || url.startsWith(`${scope}assets/`);
}

async function oldCaches(): Promise<string[]> {
  return (await caches.keys()).filter(name => name.startsWith(APP_CACHE) && name !== APP_CACHE + build);
}

/** Removes the caches of versions that no open page runs. A page says what it runs by the lock it holds. */
export async function dropOldApps(): Promise<void> {
  const old = await oldCaches();
  // A version that comes is no old one.
  if (self.registration.installing || self.registration.waiting) return;
  const { held = [] } = await navigator.locks.query();
  const running = held.flatMap(({ name = '' }) =>
    name.startsWith(PAGE_LOCK + scope) ? [name.slice(PAGE_LOCK.length)] : [],
  );
  // A page that is just starting holds no lock yet: it may be of any version.
  if (running.length < (await openPages()).length) return;
  let left = old.length;
  for (const cacheName of old) {
    const uses = await Promise.all(running.map(script => caches.match(script, { cacheName })));
    if (!uses.some(Boolean) && (await caches.delete(cacheName))) left -= 1;
  }
  if (left === 0) await dropOldLargeFiles();
}
