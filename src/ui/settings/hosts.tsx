import { client, shelf } from '../../state/app.ts';
import { attempt } from '../app/actions.ts';
import { useShelf } from '../app/hooks.ts';
import { Button } from '../parts/button.tsx';
import field from '../parts/field.module.css';
import { hostOf, size } from '../parts/format.ts';
import css from './settings.module.css';

/** Whom the page may speak to beside the address that it came from, each on a person's word. */
export function Hosts() {
  const hosts = useShelf(state => state.hosts);
  return (
    <section className={css.part} aria-labelledby="settings-hosts">
      <h3 id="settings-hosts">Allowed hosts</h3>
      {hosts.length === 0 ? (
        <p className={field.hint}>
          None: this page speaks to nobody but the address that it came from. A host is asked about before its
          first use.
        </p>
      ) : (
        <ul className={css.hosts}>
          {hosts.map(({ origin, sentBytes, receivedBytes, needsReload }) => (
            <li key={origin}>
              <span className={css.host}>
                <b>{hostOf(origin)}</b>
                <span className={css.explain}>
                  {size(sentBytes)} sent, {size(receivedBytes)} received
                  {needsReload && '. Reached after a reload'}
                </span>
              </span>
              <Button
                look="quiet"
                aria-label={`Forget ${hostOf(origin)}`}
                onClick={() =>
                  void attempt(async () => {
                    await client.forgetHost(origin);
                    await shelf.readHosts();
                  })
                }
              >
                Forget
              </Button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
