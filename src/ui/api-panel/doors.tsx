import { useStore } from 'zustand';
import { bridge } from '../../state/app.ts';
import type { DoorState } from '../../state/bridge.ts';
import css from './doors.module.css';
import type { WorkerDoor } from './use-service-worker.ts';

export type ServerDoor = DoorState['door'];

export function useServerDoor(): ServerDoor {
  return useStore(bridge, state => state.door);
}

interface Stand {
  /** One word. */
  state: string;
  tone: 'open' | 'busy' | 'shut';
  words: React.ReactNode;
}

const THIS_PAGE: Stand = {
  state: 'Open',
  tone: 'open',
  words: (
    <>
      <code>vecdrop.fetch</code> answers scripts of this page, without any network.
    </>
  ),
};

const WORKER: Record<WorkerDoor, Stand> = {
  active: {
    state: 'Active',
    tone: 'open',
    words: (
      <>
        Answers <code>fetch</code> from every page of this address while a tab of Vecdrop is open, offline
        too.
      </>
    ),
  },
  past: {
    state: 'Not in use',
    tone: 'shut',
    words: 'It is registered, but this page was loaded without it. Reload the page to use it.',
  },
  starting: { state: 'Starting', tone: 'busy', words: 'It is being set up. It takes over by itself.' },
  none: {
    state: 'Not registered',
    tone: 'shut',
    words: 'The browser has not taken it, as in some private windows. All else works without it.',
  },
  impossible: {
    state: 'Not available',
    tone: 'shut',
    words: 'Browsers offer it only on https and on 127.0.0.1. All else works without it.',
  },
};

const START = <code className={css.whole}>npm start</code>;

const serverStand = (base: string): Record<ServerDoor, Stand> => ({
  open: {
    state: 'Open',
    tone: 'open',
    words: (
      <>
        Programs on this machine reach this tab at <code>{base}</code>
      </>
    ),
  },
  connecting: {
    state: 'Connecting',
    tone: 'busy',
    words: 'This page is reaching the server that it came from.',
  },
  lost: {
    state: 'Lost',
    tone: 'shut',
    words: <>The server is gone. Start it again with {START}: this page finds it by itself.</>,
  },
  none: {
    state: 'None',
    tone: 'shut',
    words: <>For curl, Python and other programs: run {START} and open the page from there.</>,
  },
});

interface Props {
  worker: WorkerDoor;
  server: ServerDoor;
  /** Where the local server's API is. */
  base: string;
}

/** The three ways in, and how each stands. */
export function Doors({ worker, server, base }: Props) {
  return (
    <ul className={css.doors} aria-label="Ways in">
      <Door name="This page" {...THIS_PAGE} />
      <Door name="Service worker" {...WORKER[worker]} />
      <Door name="Local server" {...serverStand(base)[server]} />
    </ul>
  );
}

function Door({ name, state, tone, words }: Stand & { name: string }) {
  return (
    <li className={css.door}>
      <div className={css.line}>
        <span className={`${css.dot} ${css[tone]}`} aria-hidden />
        <span className={css.name}>{name}</span>
        <span className={css.state}>{state}</span>
      </div>
      <p className={css.words}>{words}</p>
    </li>
  );
}
