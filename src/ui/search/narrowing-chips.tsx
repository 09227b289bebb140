import { X } from 'lucide-react';
import { search } from '../../state/app.ts';
import { useMirror } from '../app/hooks.ts';
import { narrowingWords } from './filters.ts';
import css from './hits.module.css';
import { useSearch } from './hooks.ts';

/** What keeps hits away, each with a way to let it go. */
export function NarrowingChips() {
  const files = useSearch(state => state.files);
  const folder = useSearch(state => state.folder);
  const formats = useSearch(state => state.formats);
  const rows = useMirror(state => state.table.rows);
  const offered = useMirror(state => state.offers.formats);
  const chips = narrowingWords({ files, folder, formats }, rows, offered);
  if (chips.length === 0) return null;
  return (
    <ul className={css.chips} aria-label="Filters">
      {chips.map(({ words, without }) => (
        <li key={words}>
          <button type="button" className={css.chip} onClick={() => search.setOptions(without)}>
            <span>{words}</span>
            <span className={css.unseen}>, remove this filter</span>
            <X size={13} aria-hidden />
          </button>
        </li>
      ))}
    </ul>
  );
}
