import { type ReactNode, useId } from 'react';
import css from './field.module.css';

interface Props<T extends string> {
  label: string;
  value: T;
  choices: readonly { value: T; label: string; icon?: ReactNode }[];
  onChange: (value: T) => void;
}

/** A few choices side by side, one of them taken: radio buttons underneath. */
export function Segments<T extends string>({ label, value, choices, onChange }: Props<T>) {
  const name = useId();
  return (
    <fieldset className={css.segments} aria-label={label}>
      {choices.map(choice => (
        <label key={choice.value} className={css.segment}>
          <input
            type="radio"
            name={name}
            value={choice.value}
            checked={choice.value === value}
            onChange={() => onChange(choice.value)}
          />
          {choice.icon}
          {choice.label}
        </label>
      ))}
    </fieldset>
  );
}
