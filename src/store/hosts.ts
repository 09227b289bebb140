import type { Database } from './database.ts';
import type { HostRecord } from './schema.ts';

const ALL = IDBKeyRange.bound('host:', 'host;', false, true);
const keyOf = (origin: string) => `host:${origin}` as const;

/** Hosts that a person allowed, oldest first. */
export async function listHosts(db: Database): Promise<HostRecord[]> {
  const records = await db.read(['meta'], tx => tx.objectStore('meta').getAll(ALL));
  return (records as HostRecord[]).sort((a, b) => a.allowedAt - b.allowedAt);
}

/** Allows a host; one that is allowed already stays as it is. */
export async function putHost(db: Database, origin: string, now: number): Promise<void> {
  await db.write(['meta'], async (tx, stamp) => {
    const meta = tx.objectStore('meta');
    if (await meta.get(keyOf(origin))) return;
    await meta.put({ key: keyOf(origin), origin, allowedAt: now, sentBytes: 0, receivedBytes: 0 });
    stamp();
  });
}

export async function deleteHost(db: Database, origin: string): Promise<void> {
  await db.write(['meta'], async (tx, stamp) => {
    await tx.objectStore('meta').delete(keyOf(origin));
    stamp();
  });
}

/** Adds to what went to hosts and came from them; a host forgotten meanwhile is not brought back. */
export async function countBytes(
  db: Database,
  counts: readonly { origin: string; sent: number; received: number }[],
): Promise<void> {
  await db.write(['meta'], async (tx, stamp) => {
    const meta = tx.objectStore('meta');
    for (const { origin, sent, received } of counts) {
      const host = (await meta.get(keyOf(origin))) as HostRecord | undefined;
      if (!host) continue;
      await meta.put({
        ...host,
        sentBytes: host.sentBytes + sent,
        receivedBytes: host.receivedBytes + received,
      });
      stamp();
    }
  });
}
