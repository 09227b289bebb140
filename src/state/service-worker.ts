import { createStore } from 'zustand/vanilla';
import { answerOver } from '../rpc/wire-port.ts';
import { type Kept, PAGE_LOCK, type ToPage, type ToServiceWorker } from '../sw/messages.ts';
import type { WorkspaceClient } from '../workspace/client.ts';

/** What the service worker has ready for this page. */
export interface Offline {
  /** The app, the model and the engine are in the cache: the page works without a network. */
  offlineReady: boolean;
  /** A new version is there; this page goes on with its own until it is reloaded. */
  updateReady: boolean;
}

/** How often a page that stays open asks for a new version. */
const CHECK_MS = 60 * 60 * 1000;
/** How often, and how far apart, a reloaded page looks whether it is alone. */
const LOOKS = 10;
const LOOK_MS = 200;
/** How often a version that waits is asked to take over. */
const TAKE_OVER_MS = 1_000;

/** Registers the service worker beside the page and answers what it forwards. Without one, the page works as well. */
export function createOffline(client: Pick<WorkspaceClient, 'fetchWire'>) {
  const store = createStore<Offline>()(() => ({ offlineReady: false, updateReady: false }));
  const container = navigator.serviceWorker as ServiceWorkerContainer | undefined;
  let registration: ServiceWorkerRegistration | undefined;

  /** Brings into the cache what is missing there; tried again when the network is back. */
  function keepAll(): void {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }: MessageEvent<Kept>) => {
      store.setState({ offlineReady: data.offlineReady });
      port1.close();
    };
    registration?.active?.postMessage({ type: 'keep' } satisfies ToServiceWorker, [port2]);
  }

  function watchUpdates(found: ServiceWorkerRegistration, container: ServiceWorkerContainer): void {
    const look = () => {
      if (found.waiting && container.controller) store.setState({ updateReady: true });
    };
    found.addEventListener('updatefound', () => {
      found.installing?.addEventListener('statechange', look);
    });
    look();
    // Offline is no failure of a check.
    setInterval(() => void found.update().catch(() => {}), CHECK_MS);
  }

  /** Lets the new version take over and reloads this page; other tabs go on with theirs. */
  function applyUpdate(): void {
    const waiting = registration?.waiting;
    if (!waiting) {
      location.reload();
      return;
    }
    // Asked while the old one is still at work, it may wait for ever: so it is asked again.
    const ask = () => waiting.postMessage({ type: 'take-over' } satisfies ToServiceWorker);
    const again = setInterval(ask, TAKE_OVER_MS);
    const changed = () => {
      clearInterval(again);
      location.reload();
    };
    container?.addEventListener('controllerchange', changed, { once: true });
    ask();
  }

  async function start(container: ServiceWorkerContainer): Promise<void> {
    container.addEventListener('message', ({ data, ports: [port] }: MessageEvent<ToPage>) => {
      if (data.type === 'vecdrop:request' && port) answerOver(port, client.fetchWire);
    });
    container.startMessages();
    let controlled = container.controller !== null;
    container.addEventListener('controllerchange', () => {
      if (controlled) store.setState({ updateReady: true });
      controlled = true;
      keepAll();
    });
    await holdVersion();
    registration = await container.getRegistration();
    if (registration?.waiting) void isReloadOfOnlyPage().then(alone => alone && applyUpdate());
    if (document.readyState !== 'complete') {
      await new Promise(resolve => addEventListener('load', resolve, { once: true }));
    }
    const address = new URL('sw.js', document.baseURI);
    registration = (await container.register(address, { updateViaCache: 'none' })) as typeof registration;
    if (!registration) return;
    watchUpdates(registration, container);
    await container.ready;
    keepAll();
    addEventListener('online', keepAll);
  }

  // Not while developing: a cache would serve yesterday's scripts. Refused, or not there: nothing is lost but this.
  if (container && import.meta.env.PROD) start(container).catch(() => {});

  return { store, applyUpdate };
}

/** This script names the version that the page runs; the version's files are kept for as long as the lock is held. */
function holdVersion(): Promise<void> {
  return new Promise(held => {
    void navigator.locks.request(PAGE_LOCK + import.meta.url, { mode: 'shared' }, () => {
      held();
      return new Promise<never>(() => {});
    });
  });
}

/** Then nobody minds that the new version comes now; it would else wait for as long as the tab is open. */
async function isReloadOfOnlyPage(): Promise<boolean> {
  const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  if (navigation?.type !== 'reload') return false;
  const folder = PAGE_LOCK + new URL('./', document.baseURI).href;
  for (let look = 0; look < LOOKS; look++) {
    const { held = [] } = await navigator.locks.query();
    if (held.filter(({ name }) => name?.startsWith(folder)).length === 1) return true;
    // The page that was here before the reload may not have let go of its own lock yet.
    await new Promise(resolve => setTimeout(resolve, LOOK_MS));
  }
  return false;
}
