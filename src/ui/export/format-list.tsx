import { useId } from 'react';
import type { ExportFormatInfo } from '../../workspace/exports-api.ts';
import css from './export.module.css';

interface Props {
  formats: readonly ExportFormatInfo[];
  chosen: string;
  onChoose: (id: string) => void;
}

/** Every format with what reads it; arrow keys move, as radio buttons do. */
export function FormatList({ formats, chosen, onChoose }: Props) {
  const name = useId();
  return (
    <fieldset className={css.formats} aria-label="Format">
      {formats.map(format => (
        <label key={format.id} className={css.format}>
          <input
            type="radio"
            name={name}
            aria-label={format.name}
            checked={format.id === chosen}
            onChange={() => onChoose(format.id)}
          />
          <span className={css.formatName}>{format.name}</span>
          <span className={css.readBy}>{format.readBy}</span>
        </label>
      ))}
    </fieldset>
  );
}
