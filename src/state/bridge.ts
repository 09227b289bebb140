import { createStore } from 'zustand/vanilla';
import {
  DOOR_MARK,
  DOOR_PATH,
  decodeFrame,
  encodeFrame,
  type ServerHead,
  type TabHead,
} from '../rpc/frames.ts';
import type { WorkspaceClient } from '../workspace/client.ts';

/** The server's door as this page sees it: there is none, it is being reached, open, or lost and looked for again. */
export interface DoorState {
  door: 'none' | 'connecting' | 'open' | 'lost';
}

/** Waits between attempts after a loss; the last one is kept. */
const BACK_OFF_MS = [2_000, 4_000, 8_000, 16_000, 32_000, 60_000];

/**
 * Answers what the server that this page came from receives at /v1/, where it has a door for that (`npm start`). It
 * connects only where it knows that the server is there: a failed connection would be an error on the console of every
 * static host and of every page that is used offline. A lost door is looked for again, sooner when the tab is looked at.
 */
export function connectBridge(client: Pick<WorkspaceClient, 'fetchWire'>) {
  const store = createStore<DoorState>()(() => ({ door: 'none' }));
  const set = (door: DoorState['door']) => store.setState({ door });
  let losses = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let socket: WebSocket | undefined;

  const send = (head: TabHead, body?: ArrayBuffer) => {
    if (socket?.readyState === WebSocket.OPEN) socket.send(encodeFrame(head, body));
  };
  const sayActive = () => {
    if (document.visibilityState === 'visible') send({ type: 'active' });
  };

  function connect(): void {
    set('connecting');
    const opened = new WebSocket(`${location.origin.replace(/^http/, 'ws')}${DOOR_PATH}`);
    const work = new Map<number, AbortController>();
    socket = opened;
    opened.binaryType = 'arraybuffer';
    opened.onopen = () => {
      losses = 0;
      set('open');
      rememberDoor(true);
      sayActive();
    };
    opened.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => {
      const { head, body } = decodeFrame<ServerHead>(data);
      if (head.type === 'ping') send({ type: 'pong' });
      else if (head.type === 'offer') send({ type: 'taken', id: head.id });
      else if (head.type === 'abort') work.get(head.id)?.abort();
      else void answer(head, body, work);
    };
    opened.onclose = () => {
      for (const controller of work.values()) controller.abort();
      set('lost');
      lookLater();
    };
  }

  async function answer(
    { id, method, url, headers, hasBody }: ServerHead & { type: 'request' },
    body: ArrayBuffer,
    work: Map<number, AbortController>,
  ): Promise<void> {
    const controller = new AbortController();
    work.set(id, controller);
    try {
      const request = { method, url, headers, ...(hasBody && { body }) };
      const response = await client.fetchWire(request, controller.signal);
      send({ type: 'response', id, status: response.status, headers: response.headers }, response.body);
    } catch {
      send({ type: 'failed', id });
    } finally {
      work.delete(id);
    }
  }

  /** Looks after a while whether the server is back. */
  function look(waitMs = 0): void {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const found = await findServer();
      if (found === 'door') connect();
      else if (found === 'silence') lookLater();
      else {
        rememberDoor(false);
        set('none');
      }
    }, waitMs);
  }

  function lookLater(): void {
    look(BACK_OFF_MS[Math.min(losses, BACK_OFF_MS.length - 1)]);
    losses += 1;
  }

  document.addEventListener('visibilitychange', () => {
    sayActive();
    if (document.visibilityState === 'visible' && store.getState().door === 'lost') look();
  });
  addEventListener('focus', sayActive);

  if (cameFromServer()) {
    if (performance.getEntriesByType('navigation').some(entry => hasMark(entry))) connect();
  } else if (hadDoor()) {
    set('lost');
    look();
  }
  return store;
}

/** False where a service worker answered for the server. */
function cameFromServer(): boolean {
  const [navigation] = performance.getEntriesByType('navigation');
  return (navigation as PerformanceNavigationTiming | undefined)?.workerStart === 0;
}

function hasMark(entry: PerformanceEntry): boolean {
  return (entry as PerformanceNavigationTiming).serverTiming.some(({ name }) => name === DOOR_MARK);
}

/**
 * Whether the server answers, and has a door, found out without an error on the console: it puts a cookie on the script
 * of the service worker, and an update of that worker asks for the script past every cache. Where there is no service
 * worker the only way to know is to try.
 */
async function findServer(): Promise<'door' | 'no door' | 'silence'> {
  const registration = await navigator.serviceWorker?.getRegistration();
  if (!registration) return 'door';
  const name = `${DOOR_MARK}-${location.port || 80}`;
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store is not in every browser
  document.cookie = `${name}=; Path=/; SameSite=Strict; Max-Age=0`;
  try {
    await registration.update();
  } catch {
    return 'silence';
  }
  return document.cookie.split('; ').includes(`${name}=1`) ? 'door' : 'no door';
}

/** Pages that a service worker answered look for a door only where one was open before. */
function hadDoor(): boolean {
  try {
    return localStorage.getItem(DOOR_MARK) !== null;
  } catch {
    return false;
  }
}

function rememberDoor(there: boolean): void {
  try {
    if (there) localStorage.setItem(DOOR_MARK, '1');
    else localStorage.removeItem(DOOR_MARK);
  } catch {
    // The door is found again on a visit without a service worker's answer.
  }
}
