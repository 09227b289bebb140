import { useState } from 'react';
import { client, screen } from '../../state/app.ts';
import { Button } from '../parts/button.tsx';
import field from '../parts/field.module.css';
import css from './models.module.css';
import { useTask } from './use-task.ts';

/** The key of an endpoint again, after a reload or for a new one. */
export function EndpointKey({ modelId }: { modelId: string }) {
  const [key, setKey] = useState('');
  const [keepKey, setKeepKey] = useState(false);
  const setting = useTask();
  return (
    <form
      className={css.form}
      onSubmit={event => {
        event.preventDefault();
        setting.run(async () => {
          await client.setRemoteKey(modelId, key, keepKey);
          setKey('');
          screen.toast({ tone: 'plain', text: 'The key is set.' });
        });
      }}
    >
      <h4>Key</h4>
      <KeyFields value={key} keep={keepKey} onValue={setKey} onKeep={setKeepKey} />
      {setting.error !== undefined && (
        <p role="alert" className={field.error}>
          {setting.error}
        </p>
      )}
      <div>
        <Button type="submit" disabled={key === '' || setting.busy}>
          Set the key
        </Button>
      </div>
    </form>
  );
}

/** In place of a key's fields for a host that the page may not reach yet: what is typed there now would be lost. */
export function KeyLater() {
  return (
    <p className={field.field}>
      <span className={field.label}>Key</span>
      <span className={field.hint}>
        Asked for when this page may reach the server. It reloads once for a new one, and keeps no key over
        that.
      </span>
    </p>
  );
}

interface KeyProps {
  label?: string;
  value: string;
  keep: boolean;
  onValue: (key: string) => void;
  onKeep: (keep: boolean) => void;
}

export function KeyFields({
  label = 'Key, where the endpoint wants one',
  value,
  keep,
  onValue,
  onKeep,
}: KeyProps) {
  return (
    <>
      <label className={field.field}>
        <span className={field.label}>{label}</span>
        <input
          className={field.input}
          type="password"
          value={value}
          autoComplete="off"
          onChange={event => onValue(event.target.value)}
        />
      </label>
      <label className={field.check}>
        <input type="checkbox" checked={keep} onChange={event => onKeep(event.target.checked)} />
        <span>
          Keep the key in this browser
          <span className={css.explain}>Else it is forgotten with the tab, and asked for again.</span>
        </span>
      </label>
    </>
  );
}
