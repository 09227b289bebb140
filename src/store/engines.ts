import type { Database } from './database.ts';
import type { EngineRecord, ProbeRecord } from './schema.ts';

/** What the self-test of a model's engines found, and what the person chose. */
export async function readEngineRecord(db: Database, modelId: string): Promise<EngineRecord | undefined> {
  const record = await db.read(['meta'], tx => tx.objectStore('meta').get(`engine:${modelId}`));
  return record as EngineRecord | undefined;
}

export async function writeEngineRecord(db: Database, record: EngineRecord): Promise<void> {
  await db.write(['meta'], async (tx, stamp) => {
    await tx.objectStore('meta').put(record);
    stamp();
  });
}

/** Keys of endpoints that the person let this browser keep, by base URL. */
export async function readRemoteKeys(db: Database): Promise<Record<string, string>> {
  const record = await db.read(['meta'], tx => tx.objectStore('meta').get('remote-keys'));
  return record?.key === 'remote-keys' ? record.keys : {};
}

/** Keeps the key of an endpoint, or forgets it where there is none. */
export async function writeRemoteKey(db: Database, baseUrl: string, key: string | undefined): Promise<void> {
  await db.write(['meta'], async tx => {
    const meta = tx.objectStore('meta');
    const record = await meta.get('remote-keys');
    const { [baseUrl]: _, ...others } = record?.key === 'remote-keys' ? record.keys : {};
    await meta.put({ key: 'remote-keys', keys: key === undefined ? others : { ...others, [baseUrl]: key } });
  });
}

/** The vector of the probe text when a model behind an endpoint was added. */
export async function readProbe(db: Database, modelId: string): Promise<Float32Array | undefined> {
  const record = await db.read(['meta'], tx => tx.objectStore('meta').get(`probe:${modelId}`));
  return (record as ProbeRecord | undefined)?.vector;
}

export async function writeProbe(db: Database, modelId: string, vector: Float32Array): Promise<void> {
  await db.write(['meta'], async tx => {
    await tx.objectStore('meta').put({ key: `probe:${modelId}`, vector });
  });
}
