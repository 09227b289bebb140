import { memo, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { calls, client } from '../../state/app.ts';
import type { LoggedCall } from '../../state/calls.ts';
import { attempt } from '../app/actions.ts';
import { useMirror } from '../app/hooks.ts';
import { Button } from '../parts/button.tsx';
import { CopyButton } from '../parts/copy-button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import field from '../parts/field.module.css';
import { clock, number, plural } from '../parts/format.ts';
import { callLine, tokensPerSecond } from './lines.ts';
import css from './log.module.css';

/** Rows on screen; Copy takes all. */
const MOST_ROWS = 200;

/** Every call to an engine: when, which, how much, how fast, and the texts where they are asked for. */
export function LogDialog({ onClose }: { onClose: () => void }) {
  const log = useStore(calls.store, state => state.log);
  const models = useMirror(state => state.models);
  useEffect(() => void attempt(calls.read), []);
  const nameOf = (id: string) => models.find(model => model.id === id)?.name ?? id;
  const rows = log.slice(0, MOST_ROWS);
  return (
    <Dialog
      title="Log"
      width="broad"
      description="Calls to engines: for files, for searches, and for the API."
      onClose={onClose}
    >
      <div className={css.head}>
        <Prompts />
        <div className={css.buttons}>
          {log.length > 0 && (
            <>
              <CopyButton
                text={() =>
                  log
                    .map(call => callLine(call, nameOf(call.modelId)))
                    .reverse()
                    .join('\n')
                }
              />
              <Button aria-label="Clear the log" onClick={calls.clear}>
                Clear
              </Button>
            </>
          )}
        </div>
      </div>
      {log.length === 0 ? (
        <p className={css.none}>None yet. What is embedded is listed here, call by call.</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        <section className={css.scroll} tabIndex={0} aria-label="Calls">
          <table className={css.table}>
            <thead>
              <tr>
                <th scope="col">Time</th>
                <th scope="col">Engine</th>
                <th scope="col" className={css.wide}>
                  Model
                </th>
                <th scope="col" className={css.value}>
                  Texts
                </th>
                <th scope="col" className={css.value}>
                  Tokens
                </th>
                <th scope="col" className={`${css.value} ${css.wide}`}>
                  ms
                </th>
                <th scope="col" className={css.value}>
                  Tokens/s
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map(call => (
                <Row key={call.key} call={call} model={nameOf(call.modelId)} />
              ))}
            </tbody>
          </table>
        </section>
      )}
      <p className={field.hint}>
        {log.length > rows.length
          ? `The latest ${number(rows.length)} of ${plural(log.length, 'call')}. Copy takes all of them.`
          : 'The latest 1,000 calls, gone with the tab.'}
      </p>
    </Dialog>
  );
}

/** Texts are private: they are in the log only where a person wants it, and from then on. */
function Prompts() {
  const [on, setOn] = useState<boolean>();
  useEffect(() => void attempt(async () => setOn((await client.settings()).logPrompts ?? false)), []);
  return (
    <label className={field.check}>
      <input
        type="checkbox"
        checked={on ?? false}
        disabled={on === undefined}
        onChange={event => {
          const logPrompts = event.target.checked;
          void attempt(async () => {
            await client.changeSettings({ logPrompts });
            setOn(logPrompts);
          });
        }}
      />
      <span>Log the texts too, from now on</span>
    </label>
  );
}

const Row = memo(function Row({ call, model }: { call: LoggedCall; model: string }) {
  const { at, engine, texts, tokens, ms, prompts } = call;
  return (
    <>
      <tr>
        <td className={css.time}>{clock(at)}</td>
        <td>{engine}</td>
        <td className={css.wide}>{model}</td>
        <td className={css.value}>{number(texts)}</td>
        <td className={css.value}>{number(tokens)}</td>
        <td className={`${css.value} ${css.wide}`}>{number(ms)}</td>
        <td className={css.value}>{ms > 0 ? number(tokensPerSecond(call)) : '–'}</td>
      </tr>
      {prompts && prompts.length > 0 && (
        <tr className={css.promptRow}>
          <td colSpan={7}>
            <ol className={css.prompts} aria-label="Texts">
              {prompts.map((prompt, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a call's texts never change
                <li key={index}>{prompt}</li>
              ))}
            </ol>
          </td>
        </tr>
      )}
    </>
  );
});
