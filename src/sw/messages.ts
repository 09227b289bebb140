/** What a page asks of the service worker. */
export type ToServiceWorker =
  /** Keep the model and the engine too: answered by Kept over the port sent along. */
  | { type: 'keep' }
  /** A version that waits takes over. */
  | { type: 'take-over' };

/** Whether the app, the model and the engine are all in the cache. */
export interface Kept {
  offlineReady: boolean;
}

/** What the service worker asks of a page: to answer a request of the API over the port sent along. */
export interface ToPage {
  type: 'vecdrop:request';
}

/** Start of the lock that a page holds while it lives; its script's address, which names its version, follows. */
export const PAGE_LOCK = 'vecdrop-page:';

/** The cache where shared files wait for the page to take them; `scope` is the service worker's. */
export const sharedCache = (scope: string) => `vecdrop-shared:${scope}`;
/** The header that holds a shared file's name, percent-encoded. */
export const SHARED_NAME = 'X-Vecdrop-Name';
/** The search of the page's address after something was shared with it. */
export const SHARED_SEARCH = '?shared';
