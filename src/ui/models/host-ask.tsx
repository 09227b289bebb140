import { type ReactNode, useState } from 'react';
import { connectSources } from '../../domain/hosts.ts';
import { client, shelf } from '../../state/app.ts';
import { type DatabaseForm, keepForm, type UnfinishedForm } from '../../state/unfinished-form.ts';
import type { HostUse } from '../../workspace/models-api.ts';
import { useScreen, useShelf } from '../app/hooks.ts';
import { Button } from '../parts/button.tsx';
import { hostOf } from '../parts/format.ts';
import css from './models.module.css';
import { useTask } from './use-task.ts';

interface Ask {
  origin: string;
  /** What the host is asked for, and what it gets: sentences. */
  words: ReactNode;
  /** What is kept if the page has to reload first. */
  form: UnfinishedForm | DatabaseForm;
  /** What else can be done where the host stays out of reach; a clause. */
  otherwise?: string;
  go: () => void;
}

interface HostGate {
  /** Goes on at once with a host that may be reached; else asks first. */
  through: (ask: Ask) => void;
  /** The question, where there is one. */
  question: ReactNode;
  /** Whether there is one. */
  asking: boolean;
  close: () => void;
}

/** Whether the page may send requests to an address as things are; false where it is none. */
export function useReachable(address: string): boolean {
  const hosts = useShelf(state => state.hosts);
  if (!URL.canParse(address)) return false;
  const { origin } = new URL(address);
  return hosts.some(host => host.origin === origin && !host.needsReload);
}

/** Nothing is asked of a host before a person has said so. */
export function useHostGate(): HostGate {
  const [ask, setAsk] = useState<Ask>();
  const checking = useTask();
  const close = () => setAsk(undefined);

  function through(next: Ask) {
    checking.run(async () => {
      await shelf.readHosts();
      const use = shelf.store.getState().hosts.find(({ origin }) => origin === next.origin);
      if (!use || use.needsReload) setAsk(next);
      else {
        close();
        next.go();
      }
    });
  }

  const question = (
    <>
      {checking.error !== undefined && (
        <p role="alert" className={css.failed}>
          {checking.error}
        </p>
      )}
      {ask && <HostAsk key={ask.origin} ask={ask} onClose={close} />}
    </>
  );
  return { through, question, asking: ask !== undefined, close };
}

function HostAsk({ ask, onClose }: { ask: Ask; onClose: () => void }) {
  const reloadedFor = useScreen(state => state.reloadedFor);
  const known = shelf.store.getState().hosts.find(({ origin }) => origin === ask.origin);
  const [use, setUse] = useState<HostUse | undefined>(known);
  const allowing = useTask();
  const host = hostOf(ask.origin);
  if (use?.needsReload) {
    return (
      <section className={css.ask} aria-label={`Reach ${host}`}>
        {reloadedFor === ask.origin ? (
          <p role="status">
            The browser still does not let this page reach {host}. That takes a service worker, which private
            windows may refuse and a forced reload leaves out. Reload once more, or{' '}
            {ask.otherwise ?? 'download the file yourself and drop it here'}.
          </p>
        ) : (
          <p role="status">
            {host} is allowed. The browser lets the page reach it after a reload; this form is still here
            then.
          </p>
        )}
        <div className={css.buttons}>
          <Button
            look="primary"
            autoFocus
            onClick={() => {
              keepForm(ask.form, ask.origin);
              location.reload();
            }}
          >
            Reload to continue
          </Button>
          <Button look="quiet" onClick={onClose}>
            Not now
          </Button>
        </div>
      </section>
    );
  }
  const group = connectSources([ask.origin])
    .slice(1)
    .map(source => source.replace(/^https?:\/\//, ''));
  return (
    <section className={css.ask} aria-label={`Allow ${host}`}>
      <p>{ask.words}</p>
      {group.length > 0 && (
        <p className={css.quiet}>
          It hands its files out from {group.join(' and ')}, which are allowed with it.
        </p>
      )}
      {allowing.error !== undefined && (
        <p role="alert" className={css.failed}>
          {allowing.error}
        </p>
      )}
      <div className={css.buttons}>
        <Button
          look="primary"
          autoFocus
          disabled={allowing.busy}
          onClick={() =>
            allowing.run(async () => {
              const allowed = await client.allowHost(ask.origin);
              await shelf.readHosts();
              setUse(allowed);
              if (allowed.needsReload) return;
              onClose();
              ask.go();
            })
          }
        >
          Allow {host}
        </Button>
        <Button look="quiet" onClick={onClose}>
          Not now
        </Button>
      </div>
    </section>
  );
}
