import { expect, test } from 'vitest';
import type { WireRequest, WireResponse } from '../rpc/wire.ts';
import { answerOver } from '../rpc/wire-port.ts';
import { type Door, forward } from './forward.ts';

const PATIENCE = { readyMs: 300, aliveMs: 800 };
const request = (path: string, init?: RequestInit) =>
  new Request(`https://example.test/tools/v1/${path}`, init);
const embeddings = () => request('embeddings', { method: 'POST', body: '{"input":"a"}' });
const upload = () => request('files', { method: 'POST', body: 'x'.repeat(100) });

const says = (text: string): WireResponse => ({
  status: 200,
  headers: [],
  body: new TextEncoder().encode(text).buffer,
});
/** A page that answers with its name and what it was asked. */
const page =
  (name: string): Door =>
  port =>
    answerOver(port, async ({ method, body }: WireRequest) =>
      says(`${name} ${method} ${new TextDecoder().decode(body)}`),
    );
/** A page that takes the request and never answers; what it was given is told. */
const hanging =
  (taken: string[], name: string): Door =>
  port =>
    answerOver(port, (_, signal) => {
      taken.push(name);
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    });
/** A page that stops while it works. */
const dying =
  (taken: string[]): Door =>
  port =>
    answerOver(port, async () => {
      taken.push('dying');
      throw new Error('gone');
    });
const silent: Door = () => {};

test('the first page is asked, with the body', async () => {
  const answer = await forward(embeddings(), [page('first'), page('second')], PATIENCE);
  expect(await answer.text()).toBe('first POST {"input":"a"}');
});

test('a page that does not say that it is there is passed over, also for an upload', async () => {
  const answer = await forward(upload(), [silent, page('second')], PATIENCE);
  expect(await answer.text()).toBe(`second POST ${'x'.repeat(100)}`);
});

test('when the machine stood still, who was about to answer is heard', async () => {
  const late: Door = port => {
    setTimeout(() => {
      const end = performance.now() + PATIENCE.readyMs * 1.5;
      while (performance.now() < end);
      setTimeout(() => answerOver(port, async () => says('late')));
    });
  };
  expect(await (await forward(embeddings(), [late], PATIENCE)).text()).toBe('late');
});

test('a page that works longer than the patience but gives signs of life is waited for', async () => {
  const slow: Door = port =>
    answerOver(port, async () => {
      await new Promise(resolve => setTimeout(resolve, PATIENCE.aliveMs * 1.5));
      return says('slow');
    });
  expect(await (await forward(embeddings(), [slow], PATIENCE)).text()).toBe('slow');
});

test('what may be repeated goes to the next page when the one that had it stops', async () => {
  const taken: string[] = [];
  const answer = await forward(embeddings(), [dying(taken), page('next')], PATIENCE);
  expect(await answer.text()).toBe('next POST {"input":"a"}');
  expect(taken).toEqual(['dying']);
});

test('an upload that a page had is not sent to another: 503 with Retry-After', async () => {
  const taken: string[] = [];
  const answer = await forward(upload(), [dying(taken), hanging(taken, 'next')], PATIENCE);
  expect([answer.status, answer.headers.get('Retry-After')]).toEqual([503, '5']);
  expect((await answer.json()).error).toMatchObject({ type: 'server_error', code: 'no_tab' });
  expect(taken).toEqual(['dying']);
});

test('no page: 503 in the envelope', async () => {
  const answer = await forward(embeddings(), [], PATIENCE);
  expect(answer.status).toBe(503);
  expect((await answer.json()).error.message).toContain('Open one');
});

test('an abort reaches the page that works', async () => {
  const controller = new AbortController();
  let stop = () => {};
  const stopped = new Promise<void>(resolve => {
    stop = resolve;
  });
  const working: Door = port =>
    answerOver(port, (_, signal) => {
      signal.addEventListener('abort', stop);
      controller.abort();
      return new Promise(() => {});
    });
  const asked = forward(request('models', { signal: controller.signal }), [working], PATIENCE);
  await expect(asked).rejects.toMatchObject({ name: 'AbortError' });
  await stopped;
});

test('a body beyond the limit is refused without being asked about', async () => {
  const body = new Uint8Array(32 * 1024 * 1024 + 1);
  const answer = await forward(request('embeddings', { method: 'POST', body }), [page('first')], PATIENCE);
  expect(answer.status).toBe(413);
  expect((await answer.json()).error.code).toBe('body_too_large');
});
