import type { Database, Transaction } from './database.ts';
import type { Generation, PauseRecord, SettingsRecord } from './schema.ts';

/** Why the queue stands still, over all tabs and reloads; undefined while it may run. */
export async function readPause(db: Database): Promise<PauseRecord | undefined> {
  const record = await db.read(['meta'], tx => tx.objectStore('meta').get('pause'));
  return record?.key === 'pause' ? record : undefined;
}

/** Pauses the queue for every tab. The first reason stays: a person's pause is not replaced by a full disk. */
export async function writePause(db: Database, pause: Omit<PauseRecord, 'key'>): Promise<void> {
  await db.write(['meta'], async (tx, stamp) => {
    const meta = tx.objectStore('meta');
    if ((await meta.get('pause')) === undefined) await meta.put({ key: 'pause', ...pause });
    stamp();
  });
}

export async function clearPause(db: Database): Promise<void> {
  await db.write(['meta'], async (tx, stamp) => {
    await tx.objectStore('meta').delete('pause');
    stamp();
  });
}

export type StoredSettings = Omit<SettingsRecord, 'key' | 'aliases'> &
  Required<Pick<SettingsRecord, 'aliases'>>;

export async function readSettings(db: Database): Promise<StoredSettings> {
  const record = await db.read(['meta'], tx => tx.objectStore('meta').get('settings'));
  if (record?.key !== 'settings') return { keepOriginals: true, aliases: {} };
  const { key: _, ...stored } = record;
  return { ...stored, aliases: stored.aliases ?? {} };
}

export async function writeSettings(db: Database, settings: StoredSettings): Promise<void> {
  await db.write(['meta'], async (tx, stamp) => {
    await tx.objectStore('meta').put({ key: 'settings', ...settings });
    stamp();
  });
}

/** Marks a generation as no longer needed, with its text unless that is one of `keep`. Inside a transaction. */
export async function discard(
  tx: Transaction<'readwrite'>,
  generation: Generation | undefined,
  ...keep: (string | undefined)[]
): Promise<void> {
  if (generation === undefined) return;
  await tx.objectStore('meta').put({
    key: `sweep:${generation.id}`,
    generation: generation.id,
    ...(keep.includes(generation.document) ? {} : { document: generation.document }),
  });
}

/** Leaves a draft to the sweeper: nothing will refer to it. */
export async function dropDraft(db: Database, document: string): Promise<void> {
  await db.write(['meta'], async tx => {
    await tx.objectStore('meta').delete(`draft:${document}`);
    await tx.objectStore('meta').put({ key: `sweep:${document}`, document });
  });
}
