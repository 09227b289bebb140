import { errorCode, toVecdropError } from '../domain/errors.ts';
import type { Database } from '../store/database.ts';
import { dropDeadImports } from '../store/imports.ts';
import { readPause, writePause } from '../store/meta.ts';
import { sweepSearchFiles } from '../store/search-files.ts';
import { dropDrafts, purge } from '../store/sweep.ts';
import type { Pause } from './api.ts';
import type { Pipeline } from './pipeline.ts';
import { createSignal } from './wake.ts';

export interface IndexerOptions {
  db: Database;
  pipeline: Pipeline;
  locks?: Pick<LockManager, 'request'>;
  onRole: (indexing: boolean) => void;
  onPause: (pause: Pause | undefined) => void;
}

export interface Indexer {
  /** Lets the queue go on after a pause that could not be stored. */
  resume(): void;
  close(): void;
}

/** Of all tabs the one that holds this lock drains the queue; when it goes, the next one takes over. */
const INDEXER_LOCK = 'vecdrop-indexer';

export function startIndexer({
  db,
  pipeline,
  locks = navigator.locks,
  onRole,
  onPause,
}: IndexerOptions): Indexer {
  const closing = new AbortController();
  const changed = createSignal();
  let running: AbortController | undefined;
  /** A pause that the full disk did not let us store. */
  let unstored: Pause | undefined;
  let purgeTimer: ReturnType<typeof setTimeout> | undefined;
  let purgeDue = 0;

  const currentPause = async (): Promise<Pause | undefined> => (await readPause(db)) ?? unstored;

  const stopListening = db.onChange(() => {
    changed.notify();
    if (!running) return;
    pipeline.check();
    void currentPause().then(pause => {
      if (pause) running?.abort();
    });
    // A deletion is purged when its undo has run out.
    if (purgeDue === 0) schedulePurge(5_000);
  });

  function schedulePurge(delay: number) {
    purgeDue = Date.now() + delay;
    clearTimeout(purgeTimer);
    purgeTimer = setTimeout(() => {
      purge(db, Date.now())
        .then(next => {
          purgeDue = 0;
          void sweepSearchFiles(db).catch(() => {});
          if (next !== undefined) schedulePurge(Math.max(1_000, next - Date.now()));
        })
        .catch(() => schedulePurge(60_000));
    }, delay);
  }

  async function drain(): Promise<void> {
    await dropDrafts(db).catch(() => {});
    await dropDeadImports(db, locks).catch(() => {});
    await purge(db, Date.now()).catch(() => {});
    void sweepSearchFiles(db).catch(() => {});
    while (!closing.signal.aborted) {
      const ticket = changed.wait();
      const pause = await currentPause();
      onPause(pause);
      if (pause) {
        await ticket;
        continue;
      }
      running = new AbortController();
      try {
        await pipeline.run(running.signal);
      } catch (error) {
        unstored = pauseFor(error);
        await writePause(db, unstored).then(
          () => {
            unstored = undefined;
          },
          () => {},
        );
      }
      running = undefined;
    }
  }

  void locks
    .request(INDEXER_LOCK, { signal: closing.signal }, async () => {
      onRole(true);
      schedulePurge(0);
      await drain();
    })
    .catch(() => {});

  return {
    resume() {
      unstored = undefined;
      changed.notify();
    },
    close() {
      stopListening();
      clearTimeout(purgeTimer);
      closing.abort();
      running?.abort();
      changed.notify();
    },
  };
}

function pauseFor(error: unknown): Pause {
  const { message } = toVecdropError(
    error,
    'internal',
    'Something unexpected stopped the work. Resume to try again.',
  );
  return { reason: errorCode(error) === 'storage/quota' ? 'quota' : 'engine', message };
}
