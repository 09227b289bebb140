import { useId, useState } from 'react';
import { client, shelf } from '../../state/app.ts';
import type { RepoFile } from '../../workspace/models-api.ts';
import { Button } from '../parts/button.tsx';
import field from '../parts/field.module.css';
import { plural, size } from '../parts/format.ts';
import type { DownloadProps } from './add-url.tsx';
import { useHostGate } from './host-ask.tsx';
import css from './models.module.css';
import { HUGGING_FACE, repoOf } from './sources.ts';
import { useTask } from './use-task.ts';

/** A model of a repository on Hugging Face: its GGUF files are listed, one is chosen. */
export function AddRepo({ initial, returned, onDownload }: DownloadProps) {
  const [typed, setTyped] = useState(initial);
  const [problem, setProblem] = useState<string>();
  const [listed, setListed] = useState<{ repo: string; files: RepoFile[] }>();
  const gate = useHostGate();
  const listing = useTask();
  const problemId = useId();
  const error = problem ?? listing.error;

  function submit() {
    const repo = repoOf(typed);
    setProblem(repo === undefined ? 'Type it as owner/name, or paste the repository’s URL.' : undefined);
    setListed(undefined);
    if (repo === undefined) return;
    gate.through({
      origin: HUGGING_FACE,
      words:
        'Vecdrop will ask huggingface.co for this repository’s files. Nothing of your documents is sent.',
      form: { way: 'repo', value: repo },
      go: () => listing.run(async signal => setListed({ repo, files: await client.repoFiles(repo, signal) })),
    });
  }

  return (
    <div className={css.form}>
      <form
        className={css.line}
        onSubmit={event => {
          event.preventDefault();
          submit();
        }}
      >
        <label className={`${field.field} ${css.grow}`}>
          <span className={field.label}>Repository</span>
          <input
            className={field.input}
            value={typed}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            placeholder="owner/name"
            aria-invalid={problem !== undefined}
            aria-describedby={error === undefined ? undefined : problemId}
            onChange={event => {
              setTyped(event.target.value);
              setProblem(undefined);
              setListed(undefined);
              listing.cancel();
              gate.close();
            }}
          />
        </label>
        <Button
          look={listed ? 'plain' : 'primary'}
          autoFocus={returned}
          type="submit"
          className={css.inLine}
          disabled={listing.busy}
        >
          List files
        </Button>
      </form>
      {error !== undefined && (
        <p id={problemId} role="alert" className={field.error}>
          {error}
        </p>
      )}
      {gate.question}
      {listing.busy && (
        <p role="status" className={css.quiet}>
          Asking huggingface.co
        </p>
      )}
      {listed && <RepoFiles key={listed.repo} {...listed} onDownload={onDownload} />}
    </div>
  );
}

function RepoFiles({ repo, files, onDownload }: { repo: string; files: RepoFile[]; onDownload: () => void }) {
  const [path, setPath] = useState(usual(files)?.path);
  const starting = useTask();
  const name = useId();
  if (files.length === 0) {
    return (
      <p role="status" className={css.quiet}>
        There is no GGUF file in {repo}. Look for a repository whose name ends with GGUF.
      </p>
    );
  }
  const chosen = files.find(file => file.path === path);
  return (
    <form
      className={css.form}
      onSubmit={event => {
        event.preventDefault();
        if (!chosen) return;
        starting.run(async () => {
          await shelf.download({ repo, file: chosen.path });
          onDownload();
        });
      }}
    >
      <fieldset className={css.files} aria-label={`GGUF files of ${repo}`}>
        {files.map(file => (
          <label key={file.path} className={css.file}>
            <input
              type="radio"
              name={name}
              checked={file.path === path}
              onChange={() => setPath(file.path)}
            />
            <span className={css.path}>{file.path}</span>
            <span className={css.bytes}>
              {size(file.bytes)}
              {file.parts > 1 && ` in ${plural(file.parts, 'part')}`}
            </span>
          </label>
        ))}
      </fieldset>
      {starting.error !== undefined && (
        <p role="alert" className={field.error}>
          {starting.error}
        </p>
      )}
      <div>
        <Button look="primary" type="submit" disabled={!chosen || starting.busy}>
          Download{chosen ? ` ${size(chosen.bytes)}` : ''}
        </Button>
      </div>
    </form>
  );
}

/** Q8_0 loses next to nothing, and is where most repositories have their smallest good file. */
function usual(files: readonly RepoFile[]): RepoFile | undefined {
  return files.find(({ path }) => /q8_0/i.test(path)) ?? files[0];
}
