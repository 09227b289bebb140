import { useEffect, useId, useRef } from 'react';
import type { ExportFormatInfo } from '../../workspace/exports-api.ts';
import type { DatabaseInfo } from '../../workspace/upsert-api.ts';
import css from './export.module.css';

interface Props {
  formats: readonly ExportFormatInfo[];
  databases: readonly DatabaseInfo[];
  chosen: string;
  onChoose: (id: string) => void;
}

/** What stands for a database among the choices: formats may have the same names. */
export const intoDatabase = (id: string) => `into:${id}`;

/** Every format with what reads it, and every database; arrow keys move, as radio buttons do. */
export function FormatList({ formats, databases, chosen, onChoose }: Props) {
  const name = useId();
  const list = useRef<HTMLFieldSetElement>(null);
  // The one that a reloaded page begins with may stand below what fits.
  // biome-ignore lint/correctness/useExhaustiveDependencies: they come one after the other, and move each other
  useEffect(() => {
    list.current?.querySelector(':checked')?.parentElement?.scrollIntoView({ block: 'nearest' });
  }, [formats, databases]);
  const choice = (id: string, label: string, title: string, words: string) => (
    <label key={id} className={css.format}>
      <input
        type="radio"
        name={name}
        aria-label={label}
        checked={id === chosen}
        onChange={() => onChoose(id)}
      />
      <span className={css.formatName}>{title}</span>
      <span className={css.readBy}>{words}</span>
    </label>
  );
  return (
    <fieldset ref={list} className={css.formats} aria-label="Format">
      {formats.map(format => choice(format.id, format.name, format.name, format.readBy))}
      {databases.length > 0 && <h3 className={css.group}>Into a database</h3>}
      {databases.map(database =>
        choice(
          intoDatabase(database.id),
          `Into ${database.name}`,
          database.name,
          'Sent to a server that you name',
        ),
      )}
    </fieldset>
  );
}
