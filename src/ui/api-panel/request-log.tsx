import { memo } from 'react';
import { useStore } from 'zustand';
import { requests } from '../../state/app.ts';
import type { LoggedRequest } from '../../state/requests.ts';
import { Button } from '../parts/button.tsx';
import field from '../parts/field.module.css';
import { clock, number } from '../parts/format.ts';
import css from './request-log.module.css';

/** The requests that this tab answers, as they come. */
export function RequestLog() {
  const log = useStore(requests.store, state => state.log);
  return (
    <section className={css.part} aria-labelledby="api-log">
      <div className={css.head}>
        <h3 id="api-log">Requests</h3>
        {log.length > 0 && (
          <Button look="quiet" aria-label="Clear the requests" onClick={requests.clear}>
            Clear
          </Button>
        )}
      </div>
      {log.length === 0 ? (
        <p className={css.none}>None yet. What this tab answers is listed here as it comes.</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        <section className={css.scroll} tabIndex={0} aria-label="Answered requests">
          <table className={css.table}>
            <thead>
              <tr>
                <th scope="col">Time</th>
                <th scope="col">Request</th>
                <th scope="col" className={css.value}>
                  Status
                </th>
                <th scope="col" className={css.value}>
                  Tokens
                </th>
                <th scope="col" className={css.value}>
                  ms
                </th>
              </tr>
            </thead>
            <tbody>
              {log.map(request => (
                <Row key={request.key} request={request} />
              ))}
            </tbody>
          </table>
        </section>
      )}
      <p className={field.hint}>The last 200, gone with the tab. Their texts are not kept.</p>
    </section>
  );
}

const Row = memo(function Row({ request }: { request: LoggedRequest }) {
  const { at, method, path, status, tokens, ms } = request;
  return (
    <tr>
      <td className={css.time}>{clock(at)}</td>
      <td className={css.route} title={path}>
        <span className={css.method}>{method}</span> {shorten(path)}
      </td>
      <td className={status < 400 ? css.value : `${css.value} ${css.bad}`}>{status}</td>
      <td className={css.value}>{tokens > 0 ? number(tokens) : '–'}</td>
      <td className={css.value}>{number(ms)}</td>
    </tr>
  );
});

/** The first digits of an id tell files apart well enough here. */
function shorten(path: string): string {
  return path.replace(/(file_[0-9a-f]{8})[0-9a-f-]+/, '$1…');
}
