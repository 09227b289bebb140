import { expect, test } from 'vitest';
import { errorCode } from '../domain/errors.ts';
import { hostWorker } from './host.ts';
import type { TestApi } from './rpc.browser.worker.ts';

const start = () =>
  hostWorker<TestApi>(
    'test worker',
    () => new Worker(new URL('./rpc.browser.worker.ts', import.meta.url), { type: 'module' }),
  );
const never = new AbortController().signal;
const MINUTE = 60_000;

test('a call is answered, with the code of an error kept', async () => {
  const host = start();
  expect(await host.call(never, MINUTE, remote => remote.add(2, 3))).toBe(5);
  const error = await host.call(never, MINUTE, remote => remote.fail()).catch((caught: unknown) => caught);
  expect(errorCode(error)).toBe('file/broken');
  expect((error as Error).message).toBe('The file is broken. Save it again.');
  host.terminate();
});

test('an abort rejects the call at once and reaches the worker', async () => {
  const host = start();
  const controller = new AbortController();
  const waiting = host.call(controller.signal, MINUTE, (remote, abort) => remote.waitForAbort(abort));
  const failed = expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  await host.call(never, MINUTE, remote => remote.waits());
  controller.abort();
  await failed;
  await expect.poll(() => host.call(never, MINUTE, remote => remote.aborts())).toBe(1);
  expect(host.alive).toBe(true);
  host.terminate();
});

test('a call that is aborted before it starts never reaches the worker', async () => {
  const host = start();
  await expect(host.call(AbortSignal.abort(), MINUTE, remote => remote.add(1, 1))).rejects.toThrow();
  host.terminate();
});

test('a worker that hangs is a timeout, and can be terminated', async () => {
  const host = start();
  await host.call(never, MINUTE, remote => remote.add(1, 1));
  const hanging = host.call(never, 100, remote => remote.hang());
  await expect(hanging).rejects.toMatchObject({ code: 'worker/timeout' });
  const waiting = host.call(never, MINUTE, remote => remote.add(1, 1));
  host.terminate();
  await expect(waiting).rejects.toMatchObject({ code: 'worker/died' });
  await host.ended;
});

test('a worker that closes itself is noticed without waiting for the deadline', async () => {
  const host = start();
  const waiting = host.call(never, Number.POSITIVE_INFINITY, remote => remote.close());
  await expect(waiting).rejects.toMatchObject({ code: 'worker/died' });
  await host.ended;
  expect(host.alive).toBe(false);
  const later = host.call(never, MINUTE, remote => remote.add(1, 1));
  await expect(later).rejects.toMatchObject({ code: 'worker/died' });
});

test('a worker whose script throws or is missing is noticed', async () => {
  const script = URL.createObjectURL(new Blob(['throw new Error("no")'], { type: 'text/javascript' }));
  for (const url of [script, '/missing.worker.js']) {
    const host = hostWorker<TestApi>('broken worker', () => new Worker(url, { type: 'module' }));
    const waiting = host.call(never, Number.POSITIVE_INFINITY, remote => remote.add(1, 1));
    await expect(waiting).rejects.toMatchObject({ code: 'worker/start' });
  }
});
