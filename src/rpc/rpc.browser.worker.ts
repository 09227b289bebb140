import { VecdropError } from '../domain/errors.ts';
import { signalOf } from './abort-port.ts';
import { serve } from './serve.ts';

let waits = 0;
let aborts = 0;

const api = {
  add: (a: number, b: number) => a + b,
  fail(): never {
    throw new VecdropError('file/broken', 'The file is broken. Save it again.');
  },
  waits: () => waits,
  aborts: () => aborts,
  async waitForAbort(port: MessagePort): Promise<void> {
    const { signal, release } = signalOf(port);
    waits++;
    await new Promise<void>(resolve => signal.addEventListener('abort', () => resolve()));
    aborts++;
    release();
  },
  hang() {
    for (;;);
  },
  close() {
    self.close();
    return new Promise<void>(() => {});
  },
};

export type TestApi = typeof api;

void serve(api);
