import { createStore } from 'zustand/vanilla';
import type { RequestLog } from '../workspace/api.ts';
import type { WorkspaceClient } from '../workspace/client.ts';

/** A request in the log; `key` is its own among all of this page. */
export interface LoggedRequest extends RequestLog {
  key: number;
}

export interface Requests {
  /** Newest first. */
  log: readonly LoggedRequest[];
}

/** Requests kept: older ones make room. */
export const MOST_REQUESTS = 200;

/** The requests of the API that this page has answered since it was opened, whichever door they came by. */
export function createRequests(client: Pick<WorkspaceClient, 'subscribe'>) {
  const store = createStore<Requests>()(() => ({ log: [] }));
  let nextKey = 1;
  client.subscribe(event => {
    if (event.type !== 'request') return;
    const entry = { ...event.request, key: nextKey++ };
    store.setState(({ log }) => ({ log: [entry, ...log].slice(0, MOST_REQUESTS) }));
  });
  return {
    store,
    clear(): void {
      store.setState({ log: [] });
    },
  };
}
