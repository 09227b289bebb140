import { useEffect, useId, useState } from 'react';
import type { EngineChoice, EngineId, EngineReport } from '../../domain/engine.ts';
import { client } from '../../state/app.ts';
import { Button } from '../parts/button.tsx';
import { number } from '../parts/format.ts';
import css from './engines.module.css';
import { useTask } from './use-task.ts';

/** Which engine serves a model, why, and how the others did. */
export function Engines({ modelId }: { modelId: string }) {
  /** Null while it is not known whether there was a test. */
  const [choice, setChoice] = useState<EngineChoice | null | undefined>(null);
  const reading = useTask();
  const testing = useTask();
  const read = reading.run;
  useEffect(() => read(async () => setChoice(await client.engineChoice(modelId))), [modelId, read]);

  const choose = (engine: EngineId | 'auto') =>
    reading.run(async () => setChoice(await client.chooseEngine(modelId, engine)));
  const error = testing.error ?? reading.error;
  return (
    <section className={css.engines} aria-labelledby="model-engines">
      <div className={css.head}>
        <h4 id="model-engines">Engine</h4>
        {testing.busy ? (
          <Button onClick={testing.cancel}>Cancel the test</Button>
        ) : (
          <Button
            disabled={choice === null && reading.error === undefined}
            onClick={() => testing.run(async signal => setChoice(await client.testEngines(modelId, signal)))}
          >
            {choice ? 'Test again' : 'Test now'}
          </Button>
        )}
      </div>
      <p className={css.words} role="status">
        {testing.busy
          ? 'Every engine that could serve embeds the same texts. Their vectors are compared, and their time is taken.'
          : choiceWords(choice)}
      </p>
      {error !== undefined && (
        <p role="alert" className={css.failed}>
          {error}
        </p>
      )}
      {choice && (
        <>
          <Reports choice={choice} busy={testing.busy} onChoose={choose} />
          <p className={css.words}>
            Cosine: how near its vectors come to the reference’s, at the worst of all texts. 1 is the same.
          </p>
        </>
      )}
    </section>
  );
}

/** What serves, and on whose word. */
function choiceWords(choice: EngineChoice | null | undefined): string {
  if (choice === null) return 'Looking up the last test';
  if (choice === undefined)
    return 'Not tested here yet. The engines are compared before the first use, or now.';
  const taken = choice.reports.find(({ engine }) => engine === choice.taken);
  const speed = taken?.tokensPerSecond ? `, at ${number(taken.tokensPerSecond)} tokens/s` : '';
  const why = choice.overruled ? 'You chose it.' : 'It is the fastest that is right.';
  return `${taken?.name ?? choice.taken} serves${speed}. ${why}`;
}

interface ReportsProps {
  choice: EngineChoice;
  busy: boolean;
  onChoose: (engine: EngineId | 'auto') => void;
}

function Reports({ choice, busy, onChoose }: ReportsProps) {
  const name = useId();
  const chosen = choice.overruled ? choice.taken : 'auto';
  const radio = (value: EngineId | 'auto', label: string, possible: boolean, reasonId?: string) => (
    <label className={css.choice}>
      <input
        type="radio"
        name={name}
        checked={chosen === value}
        disabled={busy || !possible}
        aria-describedby={reasonId}
        onChange={() => onChoose(value)}
      />
      <span>{label}</span>
    </label>
  );
  return (
    <table className={css.table}>
      <thead>
        <tr>
          <th scope="col">Use</th>
          <th scope="col" className={css.value}>
            Cosine
          </th>
          <th scope="col" className={css.value}>
            Tokens/s
          </th>
        </tr>
      </thead>
      <tbody>
        <tr>
          <td colSpan={3}>{radio('auto', 'Automatic: the fastest that is right', true)}</td>
        </tr>
        {choice.reports.map(report => {
          const reasonId = report.reason === undefined ? undefined : `${name}-${report.engine}`;
          return (
            <tr key={report.engine} data-outcome={report.outcome}>
              <td>
                {radio(report.engine, report.name, report.outcome === 'right', reasonId)}
                {reasonId !== undefined && (
                  <p id={reasonId} className={css.reason}>
                    {report.reason}
                  </p>
                )}
              </td>
              <td className={css.value}>{cosineWords(report)}</td>
              <td className={css.value}>{report.tokensPerSecond ? number(report.tokensPerSecond) : '–'}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** Rounded down: what is not 1 must not look like it. */
function cosineWords({ cosine, outcome }: EngineReport): string {
  if (cosine === undefined) return outcome === 'right' ? 'reference' : '–';
  return (Math.floor(cosine * 10_000) / 10_000).toFixed(4);
}
