import { ChevronDown } from 'lucide-react';
import { useId, useState } from 'react';
import type { ImportColumn, ImportField, ImportMapping } from '../../domain/import.ts';
import { Button } from '../parts/button.tsx';
import field from '../parts/field.module.css';
import { number } from '../parts/format.ts';
import { columnsFor, FIELD_NAMES, FURTHER_FIELDS, mappedNames, NEEDED_FIELDS, remapped } from './fields.ts';
import css from './import.module.css';

interface Props {
  columns: readonly ImportColumn[];
  mapping: ImportMapping;
  onChange: (mapping: ImportMapping) => void;
}

/** Which column holds what: what is needed first, below a button that says what was found what else a column may hold. */
export function MappingFields({ columns, mapping, onChange }: Props) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const found = mappedNames(mapping);
  const further = FURTHER_FIELDS.filter(
    ({ field: name }) => columnsFor(name, columns, mapping[name]).length > 0,
  );
  const row = (name: ImportField, hint?: string) => (
    <FieldRow
      key={name}
      name={name}
      hint={hint}
      columns={columns}
      chosen={mapping[name]}
      onChoose={column => onChange(remapped(mapping, name, column))}
    />
  );
  return (
    <div className={css.mapping}>
      {NEEDED_FIELDS.map(name => row(name))}
      {further.length > 0 && (
        <div className={css.more}>
          <Button
            look="quiet"
            className={css.moreButton}
            aria-expanded={open}
            aria-controls={open ? id : undefined}
            onClick={() => setOpen(!open)}
          >
            <ChevronDown size={16} aria-hidden className={open ? css.opened : css.closed} /> More
          </Button>
          {!open && <span className={css.found}>{found === '' ? 'nothing chosen' : found}</span>}
        </div>
      )}
      {open && (
        <div id={id} className={css.mapping}>
          {further.map(({ field: name, hint }) => row(name, hint))}
        </div>
      )}
    </div>
  );
}

interface RowProps {
  name: ImportField;
  hint: string | undefined;
  columns: readonly ImportColumn[];
  chosen: string | undefined;
  onChoose: (column: string | undefined) => void;
}

function FieldRow({ name, hint, columns, chosen, onChoose }: RowProps) {
  const id = useId();
  const isNeeded = NEEDED_FIELDS.some(needed => needed === name);
  const fitting = columnsFor(name, columns, chosen);
  const sample = columns.find(column => column.name === chosen)?.samples.find(cell => cell !== '');
  return (
    <div className={css.field}>
      <label className={field.label} htmlFor={id}>
        {FIELD_NAMES[name]}
      </label>
      <select
        id={id}
        className={field.input}
        value={chosen ?? ''}
        disabled={fitting.length === 0}
        aria-describedby={`${id}-sample`}
        onChange={event => onChoose(event.target.value === '' ? undefined : event.target.value)}
      >
        <option value="" disabled={isNeeded && chosen !== undefined}>
          {fitting.length === 0 ? 'No such column' : isNeeded ? 'Choose a column' : 'None'}
        </option>
        {fitting.map(column => (
          <option key={column.name} value={column.name}>
            {column.dimensions === undefined
              ? column.name
              : `${column.name} · ${number(column.dimensions)} dimensions`}
          </option>
        ))}
      </select>
      <p id={`${id}-sample`} className={sample === undefined ? css.fieldHint : css.sample}>
        {sample ?? hint}
      </p>
    </div>
  );
}
