import { search } from '../../state/app.ts';
import { everywhere, isNarrowed } from '../../state/search.ts';
import { useMirror, useScreen } from '../app/hooks.ts';
import { Button } from '../parts/button.tsx';
import field from '../parts/field.module.css';
import { number } from '../parts/format.ts';
import { foldersOf, formatsOf } from './filters.ts';
import css from './hits.module.css';
import { useSearch } from './hooks.ts';

/** Which files are looked at, and how hits are put together. */
export function SearchOptionsForm() {
  const files = useSearch(state => state.files);
  const formats = useSearch(state => state.formats);
  const folder = useSearch(state => state.folder);
  const byFile = useSearch(state => state.byFile);
  const fold = useSearch(state => state.fold);
  const vary = useSearch(state => state.vary);
  const table = useMirror(state => state.table);
  const offered = useMirror(state => state.offers.formats);
  const folders = foldersOf([...table.rows.values()]);
  const there = formatsOf([...table.rows.values()]);
  const names = offered.filter(({ id }) => there.has(id));
  const filtered = useSearch(isNarrowed);
  const chosen = useScreen(state => state.selection.ids);
  const onlyChosen = files.length > 1 && files.length === chosen.size && files.every(id => chosen.has(id));
  return (
    <div className={field.stack}>
      {chosen.size > 1 && (
        <Check
          label={`Only the ${number(chosen.size)} selected files`}
          checked={onlyChosen}
          onChange={on => search.setOptions({ files: on ? [...chosen] : [] })}
        />
      )}
      {folders.length > 0 && (
        <label className={field.field}>
          <span className={field.label}>Folder</span>
          <select
            className={field.input}
            value={folder ?? ''}
            onChange={event => search.setOptions({ folder: event.target.value || undefined })}
          >
            <option value="">All folders</option>
            {folders.map(path => (
              <option key={path} value={path}>
                {path}
              </option>
            ))}
          </select>
        </label>
      )}
      {names.length > 1 && (
        <fieldset className={css.group}>
          <legend className={field.label}>File types, all where none is chosen</legend>
          {names.map(({ id, name }) => (
            <Check
              key={id}
              label={name}
              checked={formats.includes(id)}
              onChange={on =>
                search.setOptions({ formats: on ? [...formats, id] : formats.filter(one => one !== id) })
              }
            />
          ))}
        </fieldset>
      )}
      <fieldset className={css.group}>
        <legend className={field.label}>Hits</legend>
        <Check label="Group by file" checked={byFile} onChange={on => search.setOptions({ byFile: on })} />
        <Check label="Fold near-duplicates" checked={fold} onChange={on => search.setOptions({ fold: on })} />
        <Check label="Vary the results" checked={vary} onChange={on => search.setOptions({ vary: on })} />
      </fieldset>
      {filtered && <Button onClick={() => search.setOptions(everywhere)}>Look at all files</Button>}
    </div>
  );
}

function Check({
  label,
  checked,
  onChange,
}: {
  label: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}) {
  return (
    <label className={field.check}>
      <input type="checkbox" checked={checked} onChange={event => onChange(event.target.checked)} />
      <span>{label}</span>
    </label>
  );
}
