import type { Database } from '../store/database.ts';
import { listDownloads, partNames, readPart } from '../store/downloads.ts';
import type { DownloadPart, DownloadRecord } from '../store/schema.ts';
import type { ModelDownload } from './models-api.ts';
import { createSpeedMeter, type SpeedMeter } from './speed.ts';

/** Progress is told at most so often. */
const INTERVAL_MS = 200;
/** What another tab said of its work holds so long … */
const HEARD_MS = 3_000;
/** … and a tab that works says it again this often, though nothing may have come. */
const SAID_AGAIN_MS = 1_000;

/** What one tab asks of the others. */
export type DownloadCall = { started: string } | { cancelled: string };

/** A download that this tab works on. */
interface Live {
  record: DownloadRecord;
  parts: readonly DownloadPart[];
  /** Bytes of each part. */
  received: number[];
  meter: SpeedMeter;
  checking: boolean;
  message?: string;
}

/** What downloads are doing, in this tab and the others. */
export interface DownloadBoard {
  list(): Promise<ModelDownload[]>;
  begin(record: DownloadRecord): void;
  /** The list of files, and what is there of each. */
  parts(id: string, parts: readonly DownloadPart[], received: number[]): void;
  /** So much of a part is there now. */
  received(id: string, part: number, bytes: number): void;
  say(id: string, message: string): void;
  check(id: string): void;
  end(id: string): void;
  /** Something of the records has changed: tell, soon. */
  touch(): void;
  call(call: DownloadCall): void;
  close(): void;
}

export function createDownloadBoard(
  db: Database,
  emit: (downloads: ModelDownload[]) => void,
  onCall: (call: DownloadCall) => void,
  channelName = 'vecdrop-downloads',
): DownloadBoard {
  const channel = new BroadcastChannel(channelName);
  const live = new Map<string, Live>();
  const heard = new Map<string, { at: number; download: ModelDownload }>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let again: ReturnType<typeof setTimeout> | undefined;

  async function list(): Promise<ModelDownload[]> {
    return Promise.all(
      (await listDownloads(db)).map(record => {
        const own = live.get(record.id);
        if (own) return viewOf(own);
        const other = heard.get(record.id);
        if (other && !record.stopped && Date.now() - other.at < HEARD_MS) return other.download;
        return resting(record);
      }),
    );
  }

  async function tell(): Promise<void> {
    timer = undefined;
    const own = [...live.values()].map(viewOf);
    clearTimeout(again);
    if (own.length > 0) {
      channel.postMessage(own);
      again = setTimeout(touch, SAID_AGAIN_MS);
    }
    emit(await list());
  }

  function touch() {
    timer ??= setTimeout(() => void tell().catch(() => {}), INTERVAL_MS);
  }

  function update(id: string, change: (live: Live) => void) {
    const own = live.get(id);
    if (!own) return;
    change(own);
    touch();
  }

  channel.onmessage = ({ data }: MessageEvent<ModelDownload[] | DownloadCall | 'changed'>) => {
    if (Array.isArray(data))
      for (const download of data) heard.set(download.id, { at: Date.now(), download });
    else if (data !== 'changed') onCall(data);
    touch();
  };

  return {
    list,
    begin(record) {
      live.set(record.id, {
        record,
        parts: record.parts,
        received: [],
        meter: createSpeedMeter(),
        checking: false,
      });
      touch();
    },
    parts: (id, parts, received) => update(id, own => Object.assign(own, { parts, received })),
    received: (id, part, bytes) =>
      update(id, own => {
        own.meter.add(Math.max(0, bytes - (own.received[part] ?? 0)));
        own.received[part] = bytes;
        delete own.message;
      }),
    say: (id, message) => update(id, own => Object.assign(own, { message })),
    check: id => update(id, own => Object.assign(own, { checking: true })),
    end(id) {
      live.delete(id);
      heard.delete(id);
      channel.postMessage('changed');
      touch();
    },
    touch,
    call(call) {
      channel.postMessage(call);
      touch();
    },
    close() {
      clearTimeout(timer);
      clearTimeout(again);
      channel.close();
    },
  };
}

function viewOf({ record, parts, received, meter, checking, message }: Live): ModelDownload {
  const receivedBytes = sum(received);
  const totalBytes = totalOf(parts);
  const bytesPerSecond = checking ? undefined : meter.perSecond();
  return {
    ...base(record),
    state: checking ? 'checking' : 'running',
    receivedBytes,
    ...(totalBytes !== undefined ? { totalBytes } : {}),
    ...(bytesPerSecond !== undefined ? { bytesPerSecond } : {}),
    ...(bytesPerSecond && totalBytes !== undefined
      ? { secondsLeft: Math.max(0, totalBytes - receivedBytes) / bytesPerSecond }
      : {}),
    ...(message !== undefined ? { message } : {}),
  };
}

/** A download that nobody works on. */
async function resting(record: DownloadRecord): Promise<ModelDownload> {
  const totalBytes = totalOf(record.parts);
  return {
    ...base(record),
    state: record.stopped?.state ?? 'waiting',
    receivedBytes: sum(await receivedBytes(record)),
    ...(totalBytes !== undefined ? { totalBytes } : {}),
    message: record.stopped?.message ?? 'It stands still just now. Resume to go on.',
  };
}

/** What is on disk of each part. */
export function receivedBytes(record: DownloadRecord): Promise<number[]> {
  return Promise.all(
    partNames(record).map(async name => (await readPart(name).catch(() => undefined))?.size ?? 0),
  );
}

const base = ({ id, name, source }: DownloadRecord) => ({ id, name, source });
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

/** Undefined until every part's size is known. */
function totalOf(parts: readonly DownloadPart[]): number | undefined {
  const sizes = parts.map(({ bytes, told }) => bytes ?? told?.total);
  if (sizes.length === 0 || sizes.includes(undefined)) return undefined;
  return sum(sizes as number[]);
}
