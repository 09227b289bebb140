import type { ChangeGroup, Comparison } from '../../state/comparison.ts';
import { number, plural } from '../parts/format.ts';

interface GroupWords {
  id: ChangeGroup;
  name: string;
  /** What ticking it does. */
  hint: string;
}

/**
 * The groups in the order they are shown. What is gone is not ticked from the start: a folder that was unplugged, or
 * another one of the same name, looks just like it.
 */
export const GROUPS: readonly GroupWords[] = [
  {
    id: 'changed',
    name: 'Changed',
    hint: 'Read again. Only chunks whose text is new are embedded.',
  },
  { id: 'moved', name: 'Moved', hint: 'The same content at another path. Vectors are kept.' },
  {
    id: 'gone',
    name: 'Gone',
    hint: 'No longer in the folder. Tick to remove them here too; Undo brings them back.',
  },
  { id: 'added', name: 'New', hint: 'Added, read and embedded.' },
  {
    id: 'stopped',
    name: 'Not finished before',
    hint: 'Failed or cancelled, and the same as then. Tried again.',
  },
];

export const TICKED: ReadonlySet<ChangeGroup> = new Set(['changed', 'moved', 'added', 'stopped']);

/** 'Compared with this collection: 7 files differ, 1,204 are as they were.' */
export function summary({ rows, unchanged }: Pick<Comparison, 'rows' | 'unchanged'>): string {
  const differing = GROUPS.reduce((sum, { id }) => sum + rows[id].length, 0);
  const differ = `${plural(differing, 'file')} ${differing === 1 ? 'differs' : 'differ'}`;
  const same = `${number(unchanged)} ${unchanged === 1 ? 'is as it was' : 'are as they were'}`;
  return `Compared with this collection: ${differ}, ${same}.`;
}
