import { VecdropError } from '../domain/errors.ts';
import { belongsTo, hostsCache, hostsEntry, isLoopback } from '../domain/hosts.ts';
import type { Database } from '../store/database.ts';
import { countBytes, deleteHost, listHosts, putHost } from '../store/hosts.ts';
import type { HostUse } from './models-api.ts';

/** How often what came in is written down. */
const COUNT_INTERVAL_MS = 1_000;
/** How long the report of a refusal may come after the error. */
const REPORT_MS = 1_000;

/** The only way out: to hosts that a person allowed, with every byte counted. */
export interface HostGate {
  /**
   * As the global fetch; an abort rejects with AbortError. Rejects with 'host/not-allowed' where nobody allowed the
   * host, or the policy that this page runs under does not have it yet; and with the browser's TypeError where the
   * host cannot be reached, or does not let this page read its answers (CORS).
   */
  fetch(url: string, init?: RequestInit): Promise<Response>;
  list(): Promise<HostUse[]>;
  allow(origin: string): Promise<HostUse>;
  forget(origin: string): Promise<void>;
  forgetAll(): Promise<void>;
}

export interface HostGateOptions {
  db: Database;
  /** The page's address: its folder is the service worker's scope. */
  baseUrl: string;
  fetch?: typeof fetch;
  clock?: () => number;
  /** Tells of connections that the policy of this worker has refused. */
  violations?: Pick<EventTarget, 'addEventListener'>;
}

export function createHostGate({
  db,
  baseUrl,
  fetch: send = (...request) => fetch(...request),
  clock = Date.now,
  violations = globalThis,
}: HostGateOptions): HostGate {
  const scope = new URL('.', baseUrl).href;
  const own = new URL(baseUrl).origin;
  /** The policy was read when this worker started: hosts allowed later are not in it. */
  const startedAt = clock();
  const refused = new Set<string>();
  const reported = new Set<() => void>();
  violations.addEventListener('securitypolicyviolation', event => {
    const { blockedURI, effectiveDirective } = event as SecurityPolicyViolationEvent;
    if (effectiveDirective !== 'connect-src' || !URL.canParse(blockedURI)) return;
    refused.add(new URL(blockedURI).origin);
    for (const wake of reported) wake();
  });

  /** Whether the policy was why a request to a host failed: that is told by an event of its own, after the error. */
  async function wasRefused(origin: string): Promise<boolean> {
    const end = Date.now() + REPORT_MS;
    while (!refused.has(origin) && Date.now() < end) {
      await new Promise<void>(resolve => {
        const timer = setTimeout(done, end - Date.now());
        function done() {
          clearTimeout(timer);
          reported.delete(done);
          resolve();
        }
        reported.add(done);
      });
    }
    return refused.has(origin);
  }

  /** Received, and not yet written down. */
  const received = new Map<string, number>();
  /** The writing down that is under way, or was last. */
  let writing = Promise.resolve();

  function countReceived(origin: string, bytes: number): void {
    if (received.size === 0) {
      setTimeout(() => {
        writing = write();
      }, COUNT_INTERVAL_MS);
    }
    received.set(origin, (received.get(origin) ?? 0) + bytes);
  }

  async function write(): Promise<void> {
    const counts = [...received].map(([origin, bytes]) => ({ origin, sent: 0, received: bytes }));
    received.clear();
    await countBytes(db, counts).catch(() => {
      for (const { origin, received: bytes } of counts) countReceived(origin, bytes);
    });
  }

  async function list(): Promise<HostUse[]> {
    await writing;
    // As they are when the database begins to be read: what is written down after that is not in the answer.
    const pending = new Map(received);
    return (await listHosts(db)).map(({ origin, allowedAt, sentBytes, receivedBytes }) => ({
      origin,
      needsReload: allowedAt >= startedAt || refused.has(origin),
      sentBytes,
      receivedBytes: receivedBytes + (pending.get(origin) ?? 0),
    }));
  }

  /** Leaves the list where the service worker, which writes the policy, finds it; where there is no cache, there is none. */
  async function publish(): Promise<void> {
    const origins = (await listHosts(db)).map(({ origin }) => origin);
    try {
      if (origins.length === 0) return void (await caches.delete(hostsCache(scope)));
      const cache = await caches.open(hostsCache(scope));
      await cache.put(hostsEntry(scope), Response.json(origins));
    } catch {
      // Private windows of some browsers: then the host stays refused, and the refusal says so.
    }
  }

  return {
    list,
    async fetch(url, init) {
      const { origin } = new URL(url);
      if (origin === own) return send(url, init);
      const hosts = await list();
      const use = hosts.find(host => host.origin === origin);
      if (!use) throw notAllowed(origin);
      if (use.needsReload && !refused.has(origin)) throw notYet(origin);
      refused.delete(origin);
      const sent = requestBytes(url, init);
      // Written down before it goes out: what was sent is never told as less.
      await countBytes(db, [{ origin, sent, received: 0 }]);
      let response: Response;
      try {
        response = await send(url, init);
      } catch (error) {
        init?.signal?.throwIfAborted();
        if (!(await wasRefused(origin))) throw error;
        await countBytes(db, [{ origin, sent: -sent, received: 0 }]);
        throw forbidden(origin, error);
      }
      const end = response.url === '' ? origin : new URL(response.url).origin;
      if (end !== own && !hosts.some(host => belongsTo(end, host.origin))) {
        void response.body?.cancel();
        throw notAllowed(end, origin);
      }
      return counted(response, bytes => countReceived(origin, bytes));
    },
    async allow(address) {
      const origin = readOrigin(address, own);
      await putHost(db, origin, clock());
      await publish();
      return (await list()).find(host => host.origin === origin) as HostUse;
    },
    async forget(origin) {
      await deleteHost(db, origin);
      await publish();
    },
    async forgetAll() {
      for (const { origin } of await listHosts(db)) await deleteHost(db, origin);
      await publish();
    },
  };
}

/** An address or origin as an origin. Rejects with 'input/invalid' where no page could ever speak to it. */
function readOrigin(address: string, own: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new VecdropError(
      'input/invalid',
      `“${address}” is no address of a host. It begins with https:// or http://.`,
    );
  }
  if (url.protocol === 'http:' && own.startsWith('https:') && !isLoopback(url.hostname)) {
    throw new VecdropError(
      'input/invalid',
      `Browsers do not let a page that came over https speak to ${url.origin} over http. Use an https address, or run Vecdrop on this computer with “npm start”.`,
    );
  }
  return url.origin;
}

/** What a request weighs, about: its address and its body. */
function requestBytes(url: string, init: RequestInit | undefined): number {
  const body = init?.body;
  if (typeof body === 'string') return url.length + new TextEncoder().encode(body).length;
  if (body instanceof Blob) return url.length + body.size;
  if (body instanceof ArrayBuffer || ArrayBuffer.isView(body)) return url.length + body.byteLength;
  return url.length;
}

function counted(response: Response, onBytes: (bytes: number) => void): Response {
  if (!response.body) return response;
  const { status, statusText, headers } = response;
  const body = response.body.pipeThrough(
    new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform(bytes, controller) {
        onBytes(bytes.byteLength);
        controller.enqueue(bytes);
      },
    }),
  );
  return new Response(body, { status, statusText, headers });
}

function notAllowed(origin: string, from?: string): VecdropError {
  return new VecdropError(
    'host/not-allowed',
    from
      ? `${from} sends this request on to ${origin}, which you have not allowed. Allow that host too, then try again.`
      : `You have not allowed Vecdrop to speak to ${origin}. Allow this host first.`,
  );
}

function notYet(origin: string): VecdropError {
  return new VecdropError(
    'host/not-allowed',
    `${origin} is allowed from the next start of this page on. Reload the page, then try again.`,
  );
}

function forbidden(origin: string, cause: unknown): VecdropError {
  return new VecdropError(
    'host/not-allowed',
    `The browser refused the connection to ${origin}: this page's policy does not have it, or a host that it sends on to. Reload the page. If it is refused again, the server that this page came from forbids it, or the host's name is not the one you allowed.`,
    cause,
  );
}
