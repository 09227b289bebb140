import { useId } from 'react';
import type { Settings } from '../../workspace/api.ts';
import field from '../parts/field.module.css';
import css from './settings.module.css';

type Amount = 'instances' | 'threads' | 'memoryMB' | 'contextSize';

const AMOUNTS: readonly {
  key: Amount;
  label: string;
  unit: string;
  hint: string;
  max: number;
  min: number;
}[] = [
  {
    key: 'instances',
    label: 'Instances of an engine',
    unit: 'at most',
    hint: 'By cores and memory.',
    min: 1,
    max: 64,
  },
  {
    key: 'threads',
    label: 'Threads of an instance',
    unit: 'threads',
    hint: 'One, the fastest for several instances.',
    min: 1,
    max: 64,
  },
  {
    key: 'memoryMB',
    label: 'Memory of engines and search',
    unit: 'MB',
    hint: 'A quarter of this device’s memory, at most 1.5 GB. Search takes up to three quarters of it.',
    min: 64,
    max: 65_536,
  },
  {
    key: 'contextSize',
    label: 'Context of engines',
    unit: 'tokens',
    hint: 'Each model’s own. Less takes less memory.',
    min: 16,
    max: 131_072,
  },
];

interface Props {
  settings: Settings;
  onChange: (part: Partial<Settings>) => void;
}

/** How much of the machine engines may take; an empty field leaves it to Vecdrop. */
export function EngineSettings({ settings, onChange }: Props) {
  return (
    <section className={css.part}>
      <h3>Engines</h3>
      <p className={field.hint}>
        An empty field leaves it to Vecdrop, as told below its name. Engines heed it when they start.
      </p>
      <div className={css.amounts}>
        {AMOUNTS.map(({ key, ...amount }) => (
          <AmountField
            key={key}
            {...amount}
            value={settings[key]}
            onChange={value => onChange({ [key]: value })}
          />
        ))}
      </div>
      <label className={field.check}>
        <input
          type="checkbox"
          checked={settings.logPrompts ?? false}
          onChange={event => onChange({ logPrompts: event.target.checked })}
        />
        <span>
          Log texts
          <span className={css.explain}>The log then holds what is embedded, until the tab is closed.</span>
        </span>
      </label>
    </section>
  );
}

interface FieldProps {
  label: string;
  unit: string;
  hint: string;
  min: number;
  max: number;
  value: number | undefined;
  onChange: (value: number | undefined) => void;
}

/** A number that is taken when the field is left, or none. */
function AmountField({ label, unit, hint, min, max, value, onChange }: FieldProps) {
  const id = useId();
  function take(input: HTMLInputElement) {
    const typed = Number.parseInt(input.value, 10);
    const next = Number.isFinite(typed) ? Math.min(max, Math.max(min, typed)) : undefined;
    input.value = next === undefined ? '' : String(next);
    if (next !== value) onChange(next);
  }
  return (
    <div className={css.amount}>
      <label className={css.amountLabel} htmlFor={id}>
        {label}
      </label>
      <span className={css.amountInput}>
        <input
          id={id}
          className={field.input}
          type="number"
          inputMode="numeric"
          min={min}
          max={max}
          placeholder="Auto"
          defaultValue={value}
          aria-describedby={`${id}-hint`}
          onBlur={event => take(event.target)}
          onKeyDown={event => event.key === 'Enter' && take(event.currentTarget)}
        />
        <span className={css.unit}>{unit}</span>
      </span>
      <span id={`${id}-hint`} className={field.hint}>
        {hint}
      </span>
    </div>
  );
}
