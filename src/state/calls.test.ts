import { expect, it } from 'vitest';
import type { CallLog } from '../domain/engine.ts';
import type { WorkspaceEvent } from '../workspace/api.ts';
import { createCalls } from './calls.ts';

const call = (at: number): CallLog => ({
  at,
  modelId: 'm',
  engine: 'wllama, CPU, F32',
  texts: 1,
  tokens: 9,
  ms: 3,
});

it('the log joins what the workspace kept with what came meanwhile, newest first, and stays cleared', async () => {
  let notify: (event: WorkspaceEvent) => void = () => {};
  const kept = [call(1), call(2), call(3)];
  const calls = createCalls({
    subscribe: listener => {
      notify = listener;
      return () => {};
    },
    callLog: async () => kept,
  });
  const times = () => calls.store.getState().log.map(({ at }) => at);
  notify({ type: 'call', call: call(3) });
  await calls.read();
  notify({ type: 'call', call: call(4) });
  await calls.read();
  expect(times()).toEqual([4, 3, 2, 1]);
  expect(new Set(calls.store.getState().log.map(({ key }) => key)).size).toBe(4);

  // One that began earlier and took longer.
  notify({ type: 'call', call: call(3.5) });
  expect(times()).toEqual([4, 3.5, 3, 2, 1]);

  calls.clear();
  await calls.read();
  expect(times()).toEqual([]);
  const later = call(Date.now() + 1_000);
  notify({ type: 'call', call: later });
  expect(times()).toEqual([later.at]);
});
