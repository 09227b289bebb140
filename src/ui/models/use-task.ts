import { useCallback, useEffect, useRef, useState } from 'react';
import { isAbort } from '../../domain/errors.ts';
import { sentence } from '../parts/format.ts';

export interface Task {
  busy: boolean;
  /** What went wrong the last time, for a person. */
  error: string | undefined;
  /** Gives up what runs, and starts anew. */
  run: (work: (signal: AbortSignal) => Promise<void>) => void;
  cancel: () => void;
}

/** One thing at a time that takes a while, and is given up when its place on screen is left. */
export function useTask(): Task {
  const [state, setState] = useState<{ busy: boolean; error?: string }>({ busy: false });
  const running = useRef<AbortController | undefined>(undefined);
  const cancel = useCallback(() => {
    running.current?.abort();
    running.current = undefined;
    setState({ busy: false });
  }, []);
  useEffect(() => () => running.current?.abort(), []);
  const run = useCallback((work: (signal: AbortSignal) => Promise<void>) => {
    running.current?.abort();
    const mine = new AbortController();
    running.current = mine;
    setState({ busy: true });
    work(mine.signal).then(
      () => running.current === mine && setState({ busy: false }),
      error => {
        if (running.current !== mine) return;
        setState({ busy: false, ...(isAbort(error) ? {} : { error: sentence(error) }) });
      },
    );
  }, []);
  return { busy: state.busy, error: state.error, run, cancel };
}
