import { Ban, Check, Circle, LoaderCircle, TriangleAlert } from 'lucide-react';
import type { FileRow, FileState } from '../../domain/collection.ts';
import type { Status } from '../../workspace/api.ts';
import { number, plural } from '../parts/format.ts';
import css from './file-row.module.css';

const ICONS = {
  waiting: Circle,
  reading: LoaderCircle,
  embedding: LoaderCircle,
  done: Check,
  failed: TriangleAlert,
  cancelled: Ban,
} as const;

/** The state as a picture; the words beside it say the same. */
export function StateIcon({ state }: { state: FileState }) {
  const Icon = ICONS[state];
  return <Icon size={16} strokeWidth={1.8} aria-hidden className={`${css.icon} ${css[state] ?? ''}`} />;
}

type Active = Status['active'][number];

/** Chunks done, what is not yet committed included. */
export function chunksDone(row: FileRow, active?: Active): number {
  return active?.stage === 'embedding' ? Math.max(row.done, active.done) : row.done;
}

/** The second line of a file: where it stands, in words. */
export function stateWords(row: FileRow, active?: Active): string {
  switch (row.state) {
    case 'waiting':
      if (row.done > 0) return `Waiting, ${number(row.done)} of ${plural(row.chunks, 'chunk')} done`;
      return row.chunks > 0 ? `Waiting · ${plural(row.chunks, 'chunk')}` : 'Waiting';
    case 'reading':
      return 'Reading';
    case 'embedding':
      return `Embedding ${number(chunksDone(row, active))} of ${plural(row.chunks, 'chunk')}`;
    case 'failed':
      return row.error?.message ?? 'This file could not be read.';
    case 'cancelled':
      return row.done > 0
        ? `Cancelled at ${number(row.done)} of ${plural(row.chunks, 'chunk')}`
        : 'Cancelled';
    case 'done': {
      const parts = [plural(row.chunks, 'chunk')];
      if (row.pages) parts.push(plural(row.pages, 'page'));
      parts.push(plural(row.tokens, 'token'));
      if (row.unknown > 0) parts.push(plural(row.unknown, 'unreadable word'));
      if (row.notice) parts.push(row.notice);
      return parts.join(' · ');
    }
  }
}

/** What the vocabulary cannot read is told, never hidden. */
export function unknownWords(count: number): string {
  return `${plural(count, 'word')} unreadable to this model`;
}

export const isRunning = (state: FileState): boolean =>
  state === 'waiting' || state === 'reading' || state === 'embedding';

/** Failures that the same content gives every time. */
const FINAL = new Set([
  'file/empty',
  'file/blank',
  'file/binary',
  'file/unsupported',
  'file/too-large',
  'file/broken',
  'file/encrypted',
  'file/no-text',
]);

/** Whether trying again may come out otherwise. */
export const isRetriable = ({ state, error }: Pick<FileRow, 'state' | 'error'>): boolean =>
  state === 'cancelled' || (state === 'failed' && !FINAL.has(error?.code ?? ''));
