import { createStore } from 'zustand/vanilla';
import type { CallLog } from '../domain/engine.ts';
import type { WorkspaceClient } from '../workspace/client.ts';

/** A call in the log; `key` is its own among all of this page. */
export interface LoggedCall extends CallLog {
  key: number;
}

export interface Calls {
  /** Newest first. */
  log: readonly LoggedCall[];
}

/** Calls kept: older ones make room. */
const MOST_CALLS = 1_000;

const same = (a: CallLog, b: CallLog) =>
  a.at === b.at && a.tokens === b.tokens && a.texts === b.texts && a.ms === b.ms && a.engine === b.engine;

/** The latest calls to engines, as the workspace kept them and as they come. */
export function createCalls(client: Pick<WorkspaceClient, 'subscribe' | 'callLog'>) {
  const store = createStore<Calls>()(() => ({ log: [] }));
  let nextKey = 1;
  let clearedAt = 0;
  const keyed = (call: CallLog): LoggedCall => ({ ...call, key: nextKey++ });
  client.subscribe(event => {
    if (event.type !== 'call') return;
    const call = keyed(event.call);
    store.setState(({ log }) => {
      // Told when they end, listed by when they began: several run at once.
      const later = log.findIndex(({ at }) => at <= call.at);
      return { log: log.toSpliced(later < 0 ? log.length : later, 0, call).slice(0, MOST_CALLS) };
    });
  });
  return {
    store,
    /** Adds what the workspace knows from before this page followed it. */
    async read(): Promise<void> {
      const kept = await client.callLog();
      store.setState(({ log }) => {
        const missing = kept.filter(call => call.at > clearedAt && !log.some(known => same(known, call)));
        if (missing.length === 0) return { log };
        const all = [...log, ...missing.map(keyed)].sort((a, b) => b.at - a.at || b.key - a.key);
        return { log: all.slice(0, MOST_CALLS) };
      });
    },
    /** Empties the list on screen; the workspace keeps its own. */
    clear(): void {
      clearedAt = Date.now();
      store.setState({ log: [] });
    },
  };
}
