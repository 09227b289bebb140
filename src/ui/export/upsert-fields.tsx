import { useEffect, useId, useState } from 'react';
import { client } from '../../state/app.ts';
import type { TypedTarget } from '../../state/upsert-target.ts';
import type { DatabaseInfo, KnownKey } from '../../workspace/upsert-api.ts';
import { KeyFields, KeyLater } from '../models/endpoint-key.tsx';
import { Button } from '../parts/button.tsx';
import field from '../parts/field.module.css';
import css from './export.module.css';

interface Props {
  database: DatabaseInfo;
  typed: Required<TypedTarget>;
  /** A key is asked for only where the page may send it. */
  secret: { key: string; keepKey: boolean; reachable: boolean };
  disabled: boolean;
  /** What is wrong with the address. */
  problem?: string;
  onType: (next: Partial<TypedTarget>) => void;
  onKey: (key: string) => void;
  onKeepKey: (keep: boolean) => void;
}

/** Where the database is, how it is entered, and what the collection is called there. */
export function UpsertFields(props: Props) {
  const { database, typed, disabled, problem, onType } = props;
  const problemId = useId();
  const [scoped] = useState(typed.tenant !== '' || typed.scopeDatabase !== '');
  return (
    <fieldset className={css.fields} disabled={disabled} aria-label={database.name}>
      <label className={field.field}>
        <span className={field.label}>Address</span>
        <input
          className={field.input}
          value={typed.address}
          inputMode="url"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          placeholder={database.address}
          aria-invalid={problem !== undefined}
          aria-describedby={problem === undefined ? undefined : problemId}
          onChange={event => onType({ address: event.target.value })}
        />
      </label>
      {problem !== undefined && (
        <p id={problemId} role="alert" className={field.error}>
          {problem}
        </p>
      )}
      <Text
        label="Collection there"
        value={typed.collection}
        onChange={value => onType({ collection: value })}
      />
      <Secret {...props} />
      {database.scopes.length > 0 && (
        <details className={css.advanced} open={scoped}>
          <summary>Advanced</summary>
          <div className={field.stack}>
            {database.scopes.includes('tenant') && (
              <Text
                label="Tenant, where it is not the usual one"
                value={typed.tenant}
                onChange={value => onType({ tenant: value })}
              />
            )}
            {database.scopes.includes('database') && (
              <Text
                label="Database, where it is not the usual one"
                value={typed.scopeDatabase}
                onChange={value => onType({ scopeDatabase: value })}
              />
            )}
          </div>
        </details>
      )}
    </fieldset>
  );
}

interface TextProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
}

function Text({ label, value, onChange }: TextProps) {
  return (
    <label className={field.field}>
      <span className={field.label}>{label}</span>
      <input
        className={field.input}
        value={value}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        onChange={event => onChange(event.target.value)}
      />
    </label>
  );
}

/** The key, or word of one that was given before. */
function Secret({ typed: { address }, secret, onKey, onKeepKey }: Props) {
  const { key, keepKey, reachable } = secret;
  const [known, setKnown] = useState<KnownKey>('none');
  useEffect(() => {
    let current = true;
    client.databaseKey(address).then(
      found => current && setKnown(found),
      () => current && setKnown('none'),
    );
    return () => {
      current = false;
    };
  }, [address]);
  if (known !== 'none') {
    return (
      <p className={css.known}>
        {known === 'kept' ? 'The key that this browser keeps' : 'The key that you gave before'} is used.
        <Button
          look="link"
          onClick={() =>
            void client.forgetDatabaseKey(address).then(() => {
              setKnown('none');
              onKey('');
            })
          }
        >
          Forget it
        </Button>
      </p>
    );
  }
  if (!reachable) return <KeyLater />;
  return (
    <KeyFields
      label="Key, where the database wants one"
      value={key}
      keep={keepKey}
      onValue={onKey}
      onKeep={onKeepKey}
    />
  );
}
