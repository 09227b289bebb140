import { memo } from 'react';
import { useActive, useRow, useScreen } from '../app/hooks.ts';
import { QuietBar } from '../parts/bar.tsx';
import { splitPath } from '../parts/format.ts';
import css from './file-row.module.css';
import { chunksDone, StateIcon, stateWords } from './file-state.tsx';

interface Props {
  id: string;
  /** The option's element id, for aria-activedescendant. */
  optionId: string;
  index: number;
  count: number;
  top: number;
}

/** One file of the list. It listens to its own row only. */
export const FileRowView = memo(function FileRowView({ id, optionId, index, count, top }: Props) {
  const row = useRow(id);
  const active = useActive(id);
  const selected = useScreen(state => state.selection.ids.has(id));
  const current = useScreen(state => state.selection.active === id);
  if (!row) return null;
  const [folder, name] = splitPath(row.path);
  const words = stateWords(row, active);
  return (
    <div
      id={optionId}
      role="option"
      tabIndex={-1}
      aria-selected={selected}
      aria-setsize={count}
      aria-posinset={index + 1}
      data-id={id}
      data-state={row.state}
      className={current ? `${css.row} ${css.current}` : css.row}
      style={{ transform: `translateY(${top}px)` }}
      title={row.error?.detail ? `${row.path}\n${row.error.detail}` : row.path}
    >
      <StateIcon state={row.state} />
      <div className={css.words}>
        <div className={css.path}>
          {folder && <span className={css.folder}>{folder}</span>}
          <span className={css.name}>{name}</span>
        </div>
        <div className={row.state === 'failed' ? `${css.stands} ${css.bad}` : css.stands}>{words}</div>
        {row.state === 'embedding' && row.chunks > 0 && (
          <QuietBar className={css.bar} value={chunksDone(row, active) / row.chunks} />
        )}
      </div>
    </div>
  );
});
