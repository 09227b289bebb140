import { toVecdropError } from '../domain/errors.ts';
import type { Database } from '../store/database.ts';
import { queueTotals } from '../store/queue.ts';
import type { Pause, Status } from './api.ts';
import type { EngineState } from './engines.ts';
import type { Pipeline } from './pipeline.ts';
import { createSpeedMeter } from './speed.ts';

const STATUS_INTERVAL_MS = 250;
/** Reading the whole queue costs: not more often than this. */
const TOTALS_INTERVAL_MS = 1_000;
/** Tokens a byte of English text, for files that were not read yet. */
const TOKENS_A_BYTE = 0.23;

export interface StatusBoard {
  current(): Promise<Status>;
  engine(state: EngineState): void;
  pause(pause: Pause | undefined): void;
  role(indexing: boolean): void;
  tokens(count: number): void;
  /** Something of it has changed: tell, soon. */
  touch(): void;
  close(): void;
}

/** Gathers what the work is doing and tells it to this tab and the others; a tab that only follows repeats what it hears. */
export function createStatusBoard(
  db: Database,
  pipeline: () => Pipeline,
  emit: (status: Status) => void,
  channelName = 'vecdrop-status',
): StatusBoard {
  const channel = new BroadcastChannel(channelName);
  const speed = createSpeedMeter();
  let indexing = false;
  let paused: Pause | undefined;
  let engine: Status['engine'] = { state: 'idle' };
  let heard: Status | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let totals = { files: 0, unreadBytes: 0, tokens: 0 };
  let totalsAt = 0;

  async function own(): Promise<Status> {
    const now = Date.now();
    if (now - totalsAt >= TOTALS_INTERVAL_MS) {
      totalsAt = now;
      totals = await queueTotals(db);
    }
    const { active } = pipeline();
    const working = active.length;
    if (totals.files === 0 || paused) speed.reset();
    const rate = speed.perSecond();
    const left = totals.tokens + totals.unreadBytes * TOKENS_A_BYTE;
    return {
      role: 'indexer',
      engine,
      queue: { waiting: Math.max(0, totals.files - working), working },
      active,
      ...(paused ? { paused } : {}),
      ...(rate ? { tokensPerSecond: rate } : {}),
      ...(rate && left > 0 ? { secondsLeft: left / rate } : {}),
    };
  }

  async function current(): Promise<Status> {
    if (indexing) return own();
    return {
      ...(heard ?? { ...(await own()), queue: { waiting: totals.files, working: 0 } }),
      role: 'follower',
    };
  }

  async function tell(): Promise<void> {
    timer = undefined;
    const status = await current();
    if (indexing) channel.postMessage(status);
    emit(status);
    // Work that is slow still moves the time left; and the last totals may have been read before the last file ended.
    if (indexing && (status.active.length > 0 || (totals.files > 0 && !paused))) touch(TOTALS_INTERVAL_MS);
  }

  function touch(delay = STATUS_INTERVAL_MS) {
    timer ??= setTimeout(() => void tell().catch(() => {}), delay);
  }

  channel.onmessage = ({ data }: MessageEvent<Status | 'ask'>) => {
    if (data === 'ask') {
      if (indexing) touch();
    } else if (!indexing) {
      heard = data;
      emit({ ...data, role: 'follower' });
    }
  };
  channel.postMessage('ask');

  return {
    current,
    engine(state) {
      if (state.state === 'failed') {
        const { code, message } = toVecdropError(state.error, 'model/load', 'The model could not be loaded.');
        engine = { state: 'failed', error: { code, message } };
      } else engine = state;
      touch();
    },
    pause(pause) {
      paused = pause;
      touch();
    },
    role(now) {
      indexing = now;
      touch();
    },
    tokens(count) {
      speed.add(count);
    },
    touch: () => touch(),
    close() {
      clearTimeout(timer);
      channel.close();
    },
  };
}
