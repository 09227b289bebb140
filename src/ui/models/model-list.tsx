import { Plus } from 'lucide-react';
import type { ShownModel } from '../../state/screen.ts';
import type { ModelEntry } from '../../workspace/models-api.ts';
import { Button } from '../parts/button.tsx';
import css from './models.module.css';
import { nameList, SOURCES, summary } from './words.ts';

interface Props {
  entries: readonly ModelEntry[];
  shown: ShownModel | undefined;
  onShow: (next: ShownModel) => void;
}

export function ModelList({ entries, shown, onShow }: Props) {
  const adding = shown !== undefined && 'add' in shown;
  const id = shown && 'id' in shown ? shown.id : undefined;
  return (
    <nav id="models" className={css.list} aria-label="Models" tabIndex={-1}>
      <ul>
        {entries.map(entry => (
          <li key={entry.info.id} className={css.item}>
            <button
              type="button"
              className={css.entry}
              aria-current={entry.info.id === id}
              onClick={() => onShow({ id: entry.info.id })}
            >
              <span className={css.entryHead}>
                <b>{entry.info.name}</b>
                {SOURCES[entry.source] && <span className={css.badge}>{SOURCES[entry.source]}</span>}
              </span>
              <span>{summary(entry)}</span>
              {entry.usedBy.length > 0 && <span>Used by {nameList(entry.usedBy)}</span>}
            </button>
          </li>
        ))}
      </ul>
      <Button aria-current={adding} onClick={() => onShow({ add: 'file' })}>
        <Plus size={15} aria-hidden /> Add a model
      </Button>
    </nav>
  );
}
