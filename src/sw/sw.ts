import { allowedSources } from './allowed-hosts.ts';
import { dropOldApps, installApp, isAppFile, matchApp } from './app-cache.ts';
import { type Door, forward } from './forward.ts';
import { fetchLarge, keepLargeFiles, largeFileAt } from './large-files.ts';
import type { Kept, ToPage, ToServiceWorker } from './messages.ts';
import { isPage, openPages, scope } from './scope.ts';
import { secured } from './secured.ts';
import { receiveShare, SHARE_PATH } from './share.ts';

declare const self: ServiceWorkerGlobalScope;

self.addEventListener('install', installApp);

self.addEventListener('activate', event => {
  // The first visit's page, too, is served and heard from here on.
  event.waitUntil(Promise.all([self.clients.claim(), dropOldApps()]));
});

self.addEventListener('message', event => {
  const message = event.data as ToServiceWorker;
  const [port] = event.ports;
  if (message.type === 'take-over') event.waitUntil(self.skipWaiting());
  if (message.type === 'keep') event.waitUntil(keep(port));
});

self.addEventListener('fetch', event => {
  const answer = answerTo(event);
  if (answer) event.respondWith(answer);
});

/** Undefined for what is none of this service worker's business: the network has it then. */
function answerTo(event: FetchEvent): Promise<Response> | undefined {
  const { request } = event;
  const { method, mode } = request;
  const url = request.url.replace(/#.*$/, '');
  if (url.startsWith(`${scope}v1/`)) return forward(request, pagesToAsk(event.clientId));
  if (method === 'POST' && url === SHARE_PATH) return receiveShare(request);
  if (method !== 'GET' && method !== 'HEAD') return undefined;
  const file = largeFileAt(url);
  if (file) return fetchLarge(file, request).then(secured);
  if (method === 'HEAD') return undefined;
  const app = mode === 'navigate' ? isPage(url) && `${scope}index.html` : isAppFile(url) && url;
  return app ? serveApp(app, request) : undefined;
}

async function serveApp(url: string, request: Request): Promise<Response> {
  const [found, sources] = await Promise.all([matchApp(url), allowedSources(url)]);
  return secured(found ?? (await fetch(request)), sources);
}

/** The page that asked comes first, then those on screen, then the others, one opened meanwhile too. */
async function* pagesToAsk(clientId: string): AsyncIterable<Door> {
  const asked = new Set<string>();
  const rank = ({ id, visibilityState }: WindowClient) =>
    id === clientId ? 0 : visibilityState === 'visible' ? 1 : 2;
  for (;;) {
    const pages = (await openPages()).filter(({ id }) => !asked.has(id));
    const page = pages.sort((a, b) => rank(a) - rank(b))[0];
    if (!page) return;
    asked.add(page.id);
    yield port => page.postMessage({ type: 'vecdrop:request' } satisfies ToPage, [port]);
  }
}

async function keep(port: MessagePort | undefined): Promise<void> {
  const offlineReady = await keepLargeFiles();
  port?.postMessage({ offlineReady } satisfies Kept);
  await dropOldApps();
}
