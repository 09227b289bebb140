import { useId, useState } from 'react';
import { client, mirror, shelf } from '../../state/app.ts';
import type { RemoteEndpoint } from '../../workspace/models-api.ts';
import { Button } from '../parts/button.tsx';
import field from '../parts/field.module.css';
import { KeyFields, KeyLater } from './endpoint-key.tsx';
import { useHostGate, useReachable } from './host-ask.tsx';
import css from './models.module.css';
import { urlProblem } from './sources.ts';
import { useTask } from './use-task.ts';

/** Tokens, where an endpoint tells of none: what the smallest of the usual models take. */
const USUAL_CONTEXT = 512;

interface Props {
  initial: string;
  returned: boolean;
  onAdded: (modelId: string) => void;
}

/** A model that another machine runs: LlamaEdge, llama-server, vLLM, OpenAI. */
export function AddEndpoint({ initial, returned, onAdded }: Props) {
  const [baseUrl, setBaseUrl] = useState(initial);
  const [key, setKey] = useState('');
  const [keepKey, setKeepKey] = useState(false);
  const [problem, setProblem] = useState<string>();
  const [names, setNames] = useState<string[]>();
  const gate = useHostGate();
  const reachable = useReachable(baseUrl);
  const listing = useTask();
  const problemId = useId();
  const error = problem ?? listing.error;
  const url = baseUrl.trim().replace(/\/+$/, '');
  const endpoint: RemoteEndpoint = { baseUrl: url, keepKey, ...(key !== '' && reachable ? { key } : {}) };

  function change(set: () => void) {
    set();
    setProblem(undefined);
    setNames(undefined);
    listing.cancel();
    gate.close();
  }

  function submit() {
    const found = urlProblem(baseUrl, location.href);
    setProblem(found);
    if (found !== undefined) return;
    const { origin, host } = new URL(url);
    gate.through({
      origin,
      words: (
        <>
          Vecdrop will ask {host} for its models. Texts of collections that use one of them, and what you
          search for in them, <b>are sent to {host}</b>.
        </>
      ),
      form: { way: 'endpoint', value: url },
      go: () => listing.run(async signal => setNames(await client.remoteModels(endpoint, signal))),
    });
  }

  return (
    <div className={css.form}>
      <p className={css.sends}>
        For what outgrows this machine. Texts of collections that use an endpoint’s model{' '}
        <b>are sent to it</b>.
      </p>
      <form
        className={css.form}
        onSubmit={event => {
          event.preventDefault();
          submit();
        }}
      >
        <label className={field.field}>
          <span className={field.label}>Base URL, up to /v1</span>
          <input
            className={field.input}
            value={baseUrl}
            inputMode="url"
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            placeholder="http://127.0.0.1:8080/v1"
            aria-invalid={problem !== undefined}
            aria-describedby={error === undefined ? undefined : problemId}
            onChange={event => change(() => setBaseUrl(event.target.value))}
          />
        </label>
        {reachable ? (
          <KeyFields
            value={key}
            keep={keepKey}
            onValue={value => change(() => setKey(value))}
            onKeep={setKeepKey}
          />
        ) : (
          <KeyLater />
        )}
        {error !== undefined && (
          <p id={problemId} role="alert" className={field.error}>
            {error}
          </p>
        )}
        <div>
          <Button
            look={names ? 'plain' : 'primary'}
            autoFocus={returned}
            type="submit"
            disabled={listing.busy}
          >
            {listing.busy ? 'Asking' : 'List models'}
          </Button>
        </div>
      </form>
      {gate.question}
      {names && <RemoteModels names={names} endpoint={endpoint} onAdded={onAdded} />}
    </div>
  );
}

interface RemoteProps {
  names: string[];
  endpoint: RemoteEndpoint;
  onAdded: (modelId: string) => void;
}

function RemoteModels({ names, endpoint, onAdded }: RemoteProps) {
  const [name, setName] = useState(names[0] ?? '');
  const [context, setContext] = useState(String(USUAL_CONTEXT));
  const adding = useTask();
  const nameId = useId();
  const tokens = Number.parseInt(context, 10);
  const possible = name.trim() !== '' && tokens >= 16;
  return (
    <form
      className={css.form}
      onSubmit={event => {
        event.preventDefault();
        if (!possible) return;
        adding.run(async signal => {
          const { id } = await client.addRemoteModel(endpoint, name.trim(), tokens, signal);
          await Promise.all([mirror.readModels(), shelf.readEntries()]);
          onAdded(id);
        });
      }}
    >
      <div className={css.line}>
        <label className={`${field.field} ${css.grow}`} htmlFor={nameId}>
          <span className={field.label}>Model</span>
          {names.length > 0 ? (
            <select
              id={nameId}
              className={field.input}
              value={name}
              onChange={event => setName(event.target.value)}
            >
              {names.map(one => (
                <option key={one}>{one}</option>
              ))}
            </select>
          ) : (
            <input
              id={nameId}
              className={field.input}
              value={name}
              onChange={event => setName(event.target.value)}
            />
          )}
        </label>
        <label className={field.field}>
          <span className={field.label}>Context length, in tokens</span>
          <input
            className={field.input}
            type="number"
            min={16}
            value={context}
            onChange={event => setContext(event.target.value)}
          />
        </label>
      </div>
      {names.length === 0 && (
        <p className={field.hint}>It lists no models. Type the name of one that it serves.</p>
      )}
      {adding.error !== undefined && (
        <p role="alert" className={field.error}>
          {adding.error}
        </p>
      )}
      <div>
        <Button look="primary" type="submit" disabled={!possible || adding.busy}>
          {adding.busy ? 'Trying it with a text' : 'Add'}
        </Button>
      </div>
    </form>
  );
}
