import { useId, useState } from 'react';
import { shelf } from '../../state/app.ts';
import { Button } from '../parts/button.tsx';
import field from '../parts/field.module.css';
import { useHostGate } from './host-ask.tsx';
import css from './models.module.css';
import { urlProblem } from './sources.ts';
import { useTask } from './use-task.ts';

export interface DownloadProps {
  initial: string;
  returned: boolean;
  onDownload: () => void;
}

/** A model from any address. */
export function AddUrl({ initial, returned, onDownload }: DownloadProps) {
  const [typed, setTyped] = useState(initial);
  const [problem, setProblem] = useState<string>();
  const gate = useHostGate();
  const starting = useTask();
  const problemId = useId();
  const error = problem ?? starting.error;

  function submit() {
    const found = urlProblem(typed, location.href);
    setProblem(found);
    if (found !== undefined) return;
    const url = typed.trim();
    const { origin, host } = new URL(url);
    gate.through({
      origin,
      words: `Vecdrop will ask ${host} for this file. Nothing of your documents is sent.`,
      form: { way: 'url', value: url },
      go: () =>
        starting.run(async () => {
          await shelf.download({ url });
          setTyped('');
          onDownload();
        }),
    });
  }

  return (
    <div className={css.form}>
      <form
        className={css.form}
        onSubmit={event => {
          event.preventDefault();
          submit();
        }}
      >
        <label className={field.field}>
          <span className={field.label}>URL of a GGUF file</span>
          <input
            className={field.input}
            value={typed}
            inputMode="url"
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            placeholder="https://example.org/model.gguf"
            aria-invalid={problem !== undefined}
            aria-describedby={error === undefined ? undefined : problemId}
            onChange={event => {
              setTyped(event.target.value);
              setProblem(undefined);
              gate.close();
            }}
          />
        </label>
        {error !== undefined && (
          <p id={problemId} role="alert" className={field.error}>
            {error}
          </p>
        )}
        <div>
          <Button look="primary" autoFocus={returned} type="submit" disabled={starting.busy}>
            Download
          </Button>
        </div>
      </form>
      {gate.question}
      <p className={field.hint}>For a split model, the URL of any one part: the others are found by name.</p>
    </div>
  );
}
