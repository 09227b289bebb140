import type { WebSocket } from 'ws';
import { decodeFrame, encodeFrame, type ServerHead, type TabHead } from '../src/rpc/frames.ts';
import type { WireRequest, WireResponse } from '../src/rpc/wire.ts';

/** Why no tab answered: none is open, none takes the request, or the one that worked on it has gone. */
export type NoAnswer = 'none' | 'silent' | 'died' | 'failed';

export class NoTabAnswered extends Error {
  readonly reason: NoAnswer;
  constructor(reason: NoAnswer) {
    super(reason);
    this.reason = reason;
  }
}

export interface TabTimes {
  /** A tab that has not taken a request after this time shares the offer with the next one. */
  offerMs: number;
  /** With every open tab asked, a request waits so long for one to take it. */
  lastCallMs: number;
  /** Tabs are asked this often for a sign of life; one that left MISSED_BEATS unanswered is given up. */
  beatMs: number;
}

const MISSED_BEATS = 4;
/** A tab that does not return a goodbye is left after this time. */
const GOODBYE_MS = 500;

/** Generous: a page under load may be a second late, and nothing is done twice however late it is. */
const TIMES: TabTimes = { offerMs: 2_000, lastCallMs: 15_000, beatMs: 5_000 };

interface Tab {
  socket: WebSocket;
  /** Beats since it was heard last: counted, not timed, so that a machine's sleep kills no tab. */
  missed: number;
}

interface Pending {
  request: WireRequest;
  /** Tabs that have been offered it. */
  offered: Set<Tab>;
  /** The tab that works on it. */
  taker?: Tab;
  timer?: NodeJS.Timeout;
  resolve(response: WireResponse): void;
  reject(error: Error): void;
}

/** The open tabs, the one that a person looked at last first, and what they are working on. */
export interface Tabs {
  add(socket: WebSocket): void;
  /**
   * The answer of a tab. Rejects with the signal's reason, or NoTabAnswered. When a tab dies while it works on a GET,
   * the next one is asked; what may have changed something is not tried twice.
   */
  forward(request: WireRequest, signal: AbortSignal): Promise<WireResponse>;
  readonly count: number;
  close(): void;
}

export function createTabs(times: Partial<TabTimes> = {}): Tabs {
  const { offerMs, lastCallMs, beatMs } = { ...TIMES, ...times };
  const tabs: Tab[] = [];
  const pending = new Map<number, Pending>();
  let lastId = 0;

  const send = (tab: Tab, head: ServerHead, body?: ArrayBuffer) => tab.socket.send(encodeFrame(head, body));

  /** Offers a request to the next tab that has not seen it, and to one more after each wait. */
  function offer(id: number, entry: Pending): void {
    const next = tabs.find(tab => !entry.offered.has(tab));
    if (next) {
      entry.offered.add(next);
      send(next, { type: 'offer', id });
    }
    clearTimeout(entry.timer);
    const lastCall = !next;
    entry.timer = setTimeout(
      () => (lastCall ? entry.reject(new NoTabAnswered('silent')) : offer(id, entry)),
      lastCall ? lastCallMs : offerMs,
    );
  }

  function take(tab: Tab, id: number): void {
    const entry = pending.get(id);
    // Another was quicker, or the client has gone: the tab forgets what it was offered.
    if (!entry || entry.taker || !entry.offered.has(tab)) {
      send(tab, { type: 'abort', id });
      return;
    }
    clearTimeout(entry.timer);
    entry.taker = tab;
    const { method, url, headers, body } = entry.request;
    send(tab, { type: 'request', id, method, url, headers, hasBody: body !== undefined }, body);
  }

  function hear(tab: Tab, head: TabHead, body: ArrayBuffer): void {
    tab.missed = 0;
    if (head.type === 'active') {
      tabs.splice(tabs.indexOf(tab), 1);
      tabs.unshift(tab);
    } else if (head.type === 'taken') take(tab, head.id);
    else if (head.type !== 'pong') {
      const entry = pending.get(head.id);
      if (entry?.taker !== tab) return;
      if (head.type === 'failed') entry.reject(new NoTabAnswered('failed'));
      else entry.resolve({ status: head.status, headers: head.headers, body });
    }
  }

  function remove(tab: Tab): void {
    const at = tabs.indexOf(tab);
    if (at < 0) return;
    tabs.splice(at, 1);
    for (const [id, entry] of pending) {
      const worked = entry.taker === tab;
      if (!entry.offered.delete(tab) || (entry.taker && !worked)) continue;
      if (worked && entry.request.method !== 'GET') entry.reject(new NoTabAnswered('died'));
      else if (tabs.length === 0) entry.reject(new NoTabAnswered(worked ? 'died' : 'none'));
      else {
        if (worked) {
          entry.taker = undefined;
          entry.offered.clear();
        }
        offer(id, entry);
      }
    }
  }

  const beat = setInterval(() => {
    for (const tab of [...tabs]) {
      if (tab.missed === MISSED_BEATS) {
        tab.socket.terminate();
        remove(tab);
      } else {
        tab.missed += 1;
        send(tab, { type: 'ping' });
      }
    }
  }, beatMs);
  beat.unref();

  return {
    add(socket) {
      const tab: Tab = { socket, missed: 0 };
      socket.binaryType = 'arraybuffer';
      socket.on('message', data => {
        try {
          const { head, body } = decodeFrame<TabHead>(data as ArrayBuffer);
          hear(tab, head, body);
        } catch {
          socket.close(1002);
        }
      });
      socket.on('close', () => remove(tab));
      // A close always follows.
      socket.on('error', () => {});
      tabs.push(tab);
      for (const [id, entry] of pending) if (!entry.taker) offer(id, entry);
    },

    async forward(request, signal) {
      signal.throwIfAborted();
      if (tabs.length === 0) throw new NoTabAnswered('none');
      lastId += 1;
      const id = lastId;
      const abort = () => pending.get(id)?.reject(signal.reason);
      const entry = { request, offered: new Set<Tab>() } as Pending;
      const answer = new Promise<WireResponse>((resolve, reject) =>
        Object.assign(entry, { resolve, reject }),
      );
      pending.set(id, entry);
      signal.addEventListener('abort', abort, { once: true });
      offer(id, entry);
      try {
        return await answer;
      } catch (error) {
        if (entry.taker && tabs.includes(entry.taker)) send(entry.taker, { type: 'abort', id });
        throw error;
      } finally {
        clearTimeout(entry.timer);
        pending.delete(id);
        signal.removeEventListener('abort', abort);
      }
    },

    get count() {
      return tabs.length;
    },

    close() {
      clearInterval(beat);
      for (const { socket } of tabs) {
        socket.close(1001);
        setTimeout(() => socket.terminate(), GOODBYE_MS);
      }
    },
  };
}
