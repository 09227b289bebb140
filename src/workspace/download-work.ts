import { VecdropError } from '../domain/errors.ts';
import type { ModelInfo } from '../domain/model.ts';
import { splitName } from '../domain/split.ts';
import { receivePart } from '../download/part.ts';
import { sourceFiles } from '../download/repository.ts';
import { retrying } from '../download/retry.ts';
import { readModel } from '../gguf/model-info.ts';
import type { Database } from '../store/database.ts';
import {
  changeDownload,
  keepDownload,
  openPart,
  partNames,
  readPart,
  removeDownload,
  removeParts,
} from '../store/downloads.ts';
import { hasModel } from '../store/models.ts';
import type { DownloadPart, DownloadRecord } from '../store/schema.ts';
import { builtIn } from './built-in.ts';
import { type DownloadBoard, receivedBytes } from './download-board.ts';
import type { HostGate } from './hosts.ts';
import { asGguf } from './models.ts';
import { sha256 } from './sha256.ts';
import { checkSpace } from './space.ts';

export interface DownloadWork {
  db: Database;
  gate: Pick<HostGate, 'fetch'>;
  board: DownloadBoard;
  /** Where Hugging Face is. */
  base: string;
}

/** Takes one download from wherever it stopped to a kept model. Rejects with what stops it; the record says how far it is. */
export async function workOn(record: DownloadRecord, work: DownloadWork, signal: AbortSignal): Promise<void> {
  const listed = record.parts.length > 0 ? record : await list(record, work, signal);
  const whole = listed.whole ? listed : await receive(listed, work, signal);
  await keep(whole, work.db);
}

async function list(
  record: DownloadRecord,
  work: DownloadWork,
  signal: AbortSignal,
): Promise<DownloadRecord> {
  const { gate, base, board, db } = work;
  const parts = await retrying(() => sourceFiles(record.source, gate.fetch, signal, base), {
    signal,
    onRetry: message => board.say(record.id, message),
  });
  return change(db, record, { parts });
}

async function receive(
  record: DownloadRecord,
  work: DownloadWork,
  signal: AbortSignal,
): Promise<DownloadRecord> {
  const { id, name } = record;
  const { db, gate, board } = work;
  const names = partNames(record);
  const parts = [...record.parts];
  board.parts(id, parts, await receivedBytes(record));
  for (const [i, part] of parts.entries()) {
    const sink = await openPart(names[i] as string);
    try {
      const { url, name: partName, bytes, sha256, told } = part;
      // With a sha256 to check by, it matters not whether the host still uses the same words for the file.
      await receivePart(
        { url, name: partName, bytes, told: sha256 ? undefined : told },
        {
          fetch: gate.fetch,
          sink,
          signal,
          onRetry: message => board.say(id, message),
          onBytes: () => board.received(id, i, sink.size),
          async onTold(told) {
            parts[i] = { ...part, told };
            board.parts(id, parts, await receivedBytes(record));
            await change(db, record, { parts });
            const missing = Math.max(0, (bytes ?? told.total ?? 0) - sink.size);
            await checkSpace(missing, `“${name}” cannot be downloaded`);
          },
        },
      );
    } finally {
      sink.close();
    }
  }
  board.check(id);
  return change(db, record, { parts, whole: { info: await check({ ...record, parts }, signal) } });
}

/** Reads what is on disk: that its sha256 is the host's, where it names one, and that it is a model. */
async function check(record: DownloadRecord, signal: AbortSignal): Promise<ModelInfo> {
  const files: File[] = [];
  let hash = '';
  for (const [i, name] of partNames(record).entries()) {
    const file = await readPart(name);
    const part = record.parts[i] as DownloadPart;
    if (!file) throw damaged(part.name, 'its file is gone from this browser');
    hash = await sha256(file, signal);
    if (part.sha256 && part.sha256 !== hash)
      throw damaged(part.name, 'its sha256 is not the one that the host names');
    files.push(file);
  }
  const name = splitName(record.name)?.stem ?? record.name;
  const { info } = await readModel(asGguf(files), name, '');
  return { ...info, id: files.length === 1 ? hash : await sha256(new Blob(files), signal) };
}

/** Ends with a model in the place of the download, or with neither where it was cancelled meanwhile. */
async function keep(record: DownloadRecord, db: Database): Promise<void> {
  const { info } = record.whole as { info: ModelInfo };
  if (info.id === builtIn.id || (await hasModel(db, info.id))) {
    await removeDownload(db, record.id);
    await removeParts(record);
    return;
  }
  const count = record.parts.length;
  await keepDownload(db, record, {
    id: info.id,
    info,
    addedAt: Date.now(),
    source: record.source,
    ...(count > 1 ? { parts: count } : {}),
  });
}

/** Writes down how far a download is. Rejects with AbortError where it was cancelled meanwhile. */
async function change(
  db: Database,
  { id }: DownloadRecord,
  changes: Partial<DownloadRecord>,
): Promise<DownloadRecord> {
  const changed = await changeDownload(db, id, record => ({ ...record, ...changes }));
  if (!changed) throw new DOMException('This download was cancelled.', 'AbortError');
  return changed;
}

function damaged(name: string, why: string): VecdropError {
  return new VecdropError(
    'download/failed',
    `“${name}” arrived damaged: ${why}. Resume to download it anew.`,
  );
}
