import { cachedPage, matchApp } from './app-cache.ts';
import type { TakenOver, ToServiceWorker } from './messages.ts';
import { openPages, scope } from './scope.ts';

declare const self: ServiceWorkerGlobalScope;

const TAKE_OVER_MS = 3_000;

/**
 * The page's HTML. A reload of the only open page gets that of the version that waits, which takes over: else it would
 * wait for as long as the tab is open. No other page changes its version unasked.
 */
export async function servePage(request: Request): Promise<Response> {
  const { waiting } = self.registration;
  if (waiting && isReload(request) && (await openPages()).length <= 1) {
    const next = await takeOver(waiting);
    if (next) return next;
  }
  return (await matchApp(`${scope}index.html`)) ?? fetch(request);
}

/** Lets this version take over from the one that is active, whose page it may then serve. */
export async function yieldTo(port: MessagePort | undefined): Promise<void> {
  port?.postMessage(cachedPage() satisfies TakenOver);
  await self.skipWaiting();
}

async function takeOver(waiting: ServiceWorker): Promise<Response | undefined> {
  const { port1, port2 } = new MessageChannel();
  const answer = new Promise<TakenOver | undefined>(resolve => {
    port1.onmessage = ({ data }: MessageEvent<TakenOver>) => resolve(data);
    setTimeout(resolve, TAKE_OVER_MS);
  });
  waiting.postMessage({ type: 'take-over' } satisfies ToServiceWorker, [port2]);
  const taken = await answer;
  port1.close();
  return taken && caches.match(taken.key, { cacheName: taken.cacheName });
}

/** Known to Chromium and Firefox; elsewhere a reload is like any other navigation. */
function isReload(request: Request & { isReloadNavigation?: boolean }): boolean {
  return request.isReloadNavigation === true;
}
