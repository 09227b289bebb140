import { ChevronDown } from 'lucide-react';
import { useId, useState } from 'react';
import type { ChangeGroup, ChangeRow, Comparison } from '../../state/comparison.ts';
import { skippedLine } from '../app/report.ts';
import { Button } from '../parts/button.tsx';
import { Dialog, DialogActions } from '../parts/dialog.tsx';
import field from '../parts/field.module.css';
import { number, plural } from '../parts/format.ts';
import css from './folders.module.css';
import { PathList } from './path-list.tsx';
import { GROUPS, summary, TICKED } from './plan-words.ts';

interface Props {
  comparison: Comparison;
  /** Closes the dialog too. */
  onUpdate: (groups: ReadonlySet<ChangeGroup>) => void;
  onClose: () => void;
}

/** What has changed in folders since they were added, before anything is done about it. */
export function PlanDialog({ comparison, onUpdate, onClose }: Props) {
  const { rows, folders, skipped } = comparison;
  const shown = GROUPS.filter(({ id }) => rows[id].length > 0);
  const [ticked, setTicked] = useState(TICKED);
  const [open, setOpen] = useState<ChangeGroup | undefined>(shown[0]?.id);
  const chosen = shown.filter(({ id }) => ticked.has(id));
  const files = chosen.reduce((sum, { id }) => sum + rows[id].length, 0);

  const tick = (id: ChangeGroup, on: boolean) => {
    const next = new Set(ticked);
    if (on) next.add(id);
    else next.delete(id);
    setTicked(next);
  };

  return (
    <Dialog
      title={`Update ${folders.join(', ')}`}
      description={summary(comparison)}
      onClose={onClose}
      width="wide"
    >
      <ul className={css.groups}>
        {shown.map(({ id, name, hint }) => (
          <Group
            key={id}
            name={name}
            hint={hint}
            rows={rows[id]}
            isTicked={ticked.has(id)}
            onTick={on => tick(id, on)}
            isOpen={open === id}
            onOpen={() => setOpen(open === id ? undefined : id)}
          />
        ))}
      </ul>
      {skipped && <p className={field.hint}>{skippedLine(skipped)}</p>}
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
        <Button
          look="primary"
          disabled={files === 0}
          onClick={() => onUpdate(new Set(chosen.map(({ id }) => id)))}
        >
          {files === 0 ? 'Update' : `Update ${plural(files, 'file')}`}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

interface GroupProps {
  name: string;
  hint: string;
  rows: readonly ChangeRow[];
  isTicked: boolean;
  onTick: (on: boolean) => void;
  isOpen: boolean;
  onOpen: () => void;
}

function Group({ name, hint, rows, isTicked, onTick, isOpen, onOpen }: GroupProps) {
  const id = useId();
  return (
    <li className={css.group}>
      <div className={css.head}>
        <label className={`${field.check} ${css.tick}`}>
          <input type="checkbox" checked={isTicked} onChange={event => onTick(event.target.checked)} />
          <span>
            <span className={css.name}>{name}</span> <span className={css.count}>{number(rows.length)}</span>
            <span className={css.hint}>{hint}</span>
          </span>
        </label>
        <Button
          look="quiet"
          icon
          aria-expanded={isOpen}
          aria-controls={isOpen ? id : undefined}
          aria-label={`List: ${name}`}
          onClick={onOpen}
        >
          <ChevronDown size={16} aria-hidden className={isOpen ? css.opened : css.closed} />
        </Button>
      </div>
      {isOpen && <PathList id={id} label={name} rows={rows} />}
    </li>
  );
}
