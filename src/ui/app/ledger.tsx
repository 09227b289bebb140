import { ArrowUpRight, ShieldCheck } from 'lucide-react';
import { useStore } from 'zustand';
import { offline } from '../../state/app.ts';
import { Button } from '../parts/button.tsx';
import { hostOf, size } from '../parts/format.ts';
import { Popover } from '../parts/popover.tsx';
import css from './header.module.css';
import { useShelf } from './hooks.ts';
import { sentWords } from './sent-words.ts';

/** Whether the page needs the network at all, and how many bytes went elsewhere: none, or to whom. */
export function Ledger() {
  const ready = useStore(offline.store, state => state.offlineReady);
  const hosts = useShelf(state => state.hosts);
  const words = sentWords(hosts);
  const sent = hosts.some(({ sentBytes }) => sentBytes > 0);
  return (
    <Popover
      label={ready ? 'Offline ready, bytes sent' : 'Bytes sent'}
      trigger={
        <Button look="quiet" className={`${css.chip} ${css.ledger}`}>
          <Mark ready={ready} sent={sent} />
          <span className={css.words}>
            {ready && <span className={sent ? css.wide : undefined}>Offline ready · </span>}
            {words}
          </span>
        </Button>
      }
    >
      {ready && (
        <p>
          <b>Offline ready.</b> The page, its model and its engine are kept in this browser. It opens and
          works without a network.
        </p>
      )}
      <p>
        {hosts.length === 0
          ? 'Your files never leave this browser. The page’s security policy forbids every connection but to the address that it came from, and the model comes from there too.'
          : 'Your files stay in this browser. Sent is only what you said: texts to an endpoint that you chose as model, texts and vectors to a database that you send a collection into. The page’s security policy allows no connection but to the address that it came from, and to the hosts that you allowed:'}
      </p>
      {hosts.length > 0 && (
        <ul className={css.hosts} aria-label="Allowed hosts">
          {hosts.map(({ origin, sentBytes, receivedBytes }) => (
            <li key={origin}>
              <b>{hostOf(origin)}</b>
              <span>
                {size(sentBytes)} sent, {size(receivedBytes)} received
              </span>
            </li>
          ))}
        </ul>
      )}
    </Popover>
  );
}

function Mark({ ready, sent }: { ready: boolean; sent: boolean }) {
  if (sent) return <ArrowUpRight size={15} aria-hidden className={css.sent} />;
  if (ready) return <span className={css.dot} aria-hidden />;
  return <ShieldCheck size={15} aria-hidden className={css.safe} />;
}
