import { useRef, useState } from 'react';
import { groupParts } from '../../domain/split.ts';
import type { AddReport } from '../../workspace/api.ts';
import { addModels } from '../app/adding.ts';
import { Button } from '../parts/button.tsx';
import field from '../parts/field.module.css';
import css from './models.module.css';
import { useTask } from './use-task.ts';

/** Chosen files become models; dropped ones do so anywhere on the page. */
export function AddFile({ onAdded }: { onAdded: (modelId: string) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const adding = useTask();
  const [refused, setRefused] = useState<AddReport['failed']>([]);

  function take(files: File[]) {
    if (files.length === 0) return;
    setRefused([]);
    adding.run(async signal => {
      const { models, failed } = await addModels(
        groupParts(files, ({ name }) => name),
        signal,
      );
      setRefused(failed);
      const last = models.at(-1);
      if (last && failed.length === 0) onAdded(last.id);
    });
  }

  return (
    <div className={css.form}>
      <div className={css.drop}>
        <p>Drop a .gguf file anywhere on this page, all parts of a split one together.</p>
        <input
          ref={input}
          type="file"
          accept=".gguf"
          multiple
          hidden
          aria-label="Model files"
          onChange={event => {
            take([...(event.currentTarget.files ?? [])]);
            event.currentTarget.value = '';
          }}
        />
        <Button look="primary" disabled={adding.busy} onClick={() => input.current?.click()}>
          Choose files
        </Button>
      </div>
      <p className={field.hint} role="status">
        {adding.busy
          ? 'Checking the file and copying it into this browser'
          : 'The file is checked, and copied into this browser. It is sent nowhere.'}
      </p>
      {refused.map(({ path, error }) => (
        <p key={path} role="alert" className={field.error}>
          {path}: {error.message}
        </p>
      ))}
      {adding.error !== undefined && (
        <p role="alert" className={field.error}>
          {adding.error}
        </p>
      )}
    </div>
  );
}
