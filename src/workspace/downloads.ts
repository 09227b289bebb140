import { isAbort, toVecdropError } from '../domain/errors.ts';
import { fileName, HUGGING_FACE, readSource } from '../download/source.ts';
import type { Database } from '../store/database.ts';
import {
  addDownload,
  changeDownload,
  getDownload,
  listDownloads,
  removeDownload,
  removeParts,
} from '../store/downloads.ts';
import { fileError } from '../store/folders.ts';
import { bringFiles } from '../store/models.ts';
import type { DownloadRecord } from '../store/schema.ts';
import { createDownloadBoard } from './download-board.ts';
import { workOn } from './download-work.ts';
import type { HostGate } from './hosts.ts';
import type { ModelDownload, ModelSource } from './models-api.ts';
import { sha256 } from './sha256.ts';

export interface Downloads {
  list(): Promise<ModelDownload[]>;
  /** Two of one source are one. */
  start(source: ModelSource): Promise<string>;
  resume(id: string): Promise<void>;
  cancel(id: string): Promise<void>;
  /** Goes on with all that have not failed: at the start, and when the network is back. */
  resumeAll(): Promise<void>;
  cancelAll(): Promise<void>;
}

export interface DownloadsOptions {
  db: Database;
  gate: Pick<HostGate, 'fetch'>;
  emit: (downloads: ModelDownload[]) => void;
  /** Where Hugging Face is; another address in tests. */
  base?: string;
}

/** What is of no use however often one tries. All else may go well later. */
const FINAL = ['download/failed', 'model/corrupt', 'model/unsupported', 'input/invalid'];
/** How long a tab that works on a cancelled download has for letting go. */
const RELEASE_MS = 20_000;

const lockOf = (id: string) => `vecdrop-download:${id}`;

/**
 * Brings models from elsewhere. A record says what is wanted; every tab asks for its lock, one gets it and works, and if
 * that tab goes, the next one goes on. What has stopped stays listed, with the reason, until somebody resumes it.
 */
export function createDownloads({ db, gate, emit, base = HUGGING_FACE }: DownloadsOptions): Downloads {
  /** Those that this tab works on or waits in line for. */
  const wanted = new Map<string, AbortController>();
  const board = createDownloadBoard(db, emit, call => {
    if ('cancelled' in call) wanted.get(call.cancelled)?.abort();
    else void inLine(call.started);
  });

  /** Works on a download as soon as no other tab does, if it is still wanted then. */
  async function inLine(id: string): Promise<void> {
    if (wanted.has(id)) return;
    const abort = new AbortController();
    wanted.set(id, abort);
    const { signal } = abort;
    try {
      await navigator.locks.request(lockOf(id), { signal }, async () => {
        const record = await getDownload(db, id);
        if (!record || record.stopped) return;
        board.begin(record);
        const work = () => workOn(record, { db, gate, board, base }, signal);
        await bringFiles(work).catch(error => stop(record, error));
      });
    } catch {
      // Cancelled while it waited in line.
    } finally {
      wanted.delete(id);
      board.end(id);
    }
  }

  async function stop(record: DownloadRecord, error: unknown): Promise<void> {
    if (isAbort(error)) return;
    const { code, message } =
      error instanceof DOMException
        ? fileError(error, `“${record.name}” could not be stored`)
        : toVecdropError(
            error,
            'internal',
            `The download of “${record.name}” stopped unexpectedly. Resume to try again.`,
          );
    const final = FINAL.includes(code);
    // Another try begins with a new list.
    if (final) await removeParts((await getDownload(db, record.id)) ?? record);
    const stopped = { state: final ? 'failed' : 'waiting', message } as const;
    await changeDownload(db, record.id, now => ({ ...now, ...(final ? { parts: [] } : {}), stopped }));
  }

  async function resume(id: string): Promise<void> {
    const record = await changeDownload(db, id, ({ stopped: _, ...rest }) => rest);
    if (!record) return;
    void inLine(id);
    board.call({ started: id });
  }

  /** The record goes first: whoever works on it, in whatever tab, stops at the latest when it writes again. */
  async function cancel(id: string): Promise<void> {
    const record = await getDownload(db, id);
    if (!record) return;
    await removeDownload(db, id);
    wanted.get(id)?.abort();
    board.call({ cancelled: id });
    // A frozen tab keeps its file open: then the next start's sweep removes it.
    const signal = AbortSignal.timeout(RELEASE_MS);
    await navigator.locks.request(lockOf(id), { signal }, () => removeParts(record)).catch(() => {});
  }

  return {
    list: board.list,
    async start(given) {
      const source = readSource(given, base);
      const id = (await sha256(new Blob([JSON.stringify(source)]))).slice(0, 16);
      await addDownload(db, { id, source, name: fileName(source), parts: [], addedAt: Date.now() });
      await resume(id);
      return id;
    },
    resume,
    cancel,
    async resumeAll() {
      for (const { id, stopped } of await listDownloads(db))
        if (stopped?.state !== 'failed') await resume(id);
    },
    async cancelAll() {
      for (const { id } of await listDownloads(db)) await cancel(id);
    },
  };
}
