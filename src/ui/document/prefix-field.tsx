import { useId } from 'react';
import { visible } from '../models/words.ts';
import { Button } from '../parts/button.tsx';
import field from '../parts/field.module.css';
import css from './recipe.module.css';

interface Props {
  label: string;
  value: string;
  /** As the model's makers trained it; empty for none. */
  usual: string;
  onChange: (prefix: string) => void;
}

/** What is put before a text, with its white space shown: a missing space makes other vectors. */
export function PrefixField({ label, value, usual, onChange }: Props) {
  const id = useId();
  return (
    <div className={css.prefixField}>
      <label className={field.label} htmlFor={id}>
        {label}
      </label>
      {/* Some prefixes have two lines. */}
      <textarea
        id={id}
        className={`${field.input} ${css.prefixInput}`}
        rows={value.split('\n').length}
        value={value}
        autoCapitalize="none"
        autoComplete="off"
        spellCheck={false}
        placeholder="nothing"
        aria-describedby={`${id}-shown`}
        onChange={event => onChange(event.target.value)}
      />
      <div className={css.prefixHint} id={`${id}-shown`}>
        {value !== '' && (
          <span>
            <code className={css.prefix}>{visible(value)}</code>text
          </span>
        )}
        {value !== usual && (
          <Button
            look="link"
            aria-label={`${usual === '' ? 'Nothing, as trained' : 'As trained'}: ${label}`}
            onClick={() => onChange(usual)}
          >
            {usual === '' ? 'Nothing, as trained' : 'As trained'}
          </Button>
        )}
      </div>
    </div>
  );
}
