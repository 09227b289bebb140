import type { Remote } from 'comlink';
import { afterEach, expect, test, vi } from 'vitest';
import { VecdropError } from '../domain/errors.ts';
import type { ModelInfo } from '../domain/model.ts';
import type { WorkerHost } from '../rpc/host.ts';
import type { EmbedApi } from './embed-api.ts';
import type { EmbedInput } from './embedder.ts';
import { createPool, type PoolOptions } from './pool.ts';
import { rejectedInput } from './rejected.ts';
import { testModel } from './testing.ts';

/** First ids that a fake worker does not answer well. */
const DIES = 666;
const HANGS = 777;

const model: ModelInfo = { ...testModel, dimensions: 2 };
const never = new AbortController().signal;

/** A text that starts with an id; its vector is [id, length]. */
function text(id: number, length = 1): EmbedInput {
  return { text: '', ids: new Int32Array(length).fill(id) };
}

interface FakeHost extends WorkerHost<EmbedApi> {
  /** First ids of the texts of each call. */
  calls: number[][];
}

/** A worker that answers in its own time: `open` decides how loading goes, `answer` when a call is answered. */
function fakeHost(open: () => Promise<void>, answer: (ids: number[]) => Promise<unknown>): FakeHost {
  let end = () => {};
  let alive = true;
  const ended = new Promise<void>(resolve => {
    end = resolve;
  });
  const terminate = () => {
    alive = false;
    end();
  };
  const calls: number[][] = [];
  const remote = {
    async open() {
      await open();
      return { name: 'fake' };
    },
    async embed(texts: Int32Array[]) {
      const ids = texts.map(([id = 0]) => id);
      calls.push(ids);
      if (ids.includes(HANGS)) await new Promise(() => {});
      await answer(ids);
      if (ids.includes(DIES)) {
        terminate();
        await new Promise(() => {});
      }
      return Float32Array.from(texts.flatMap(text => [text[0] ?? 0, text.length]));
    },
  } as unknown as Remote<EmbedApi>;
  return {
    calls,
    ended,
    terminate,
    get alive() {
      return alive;
    },
    async call(signal, deadlineMs, use) {
      signal.throwIfAborted();
      const { port1 } = new MessageChannel();
      let timer: ReturnType<typeof setTimeout> | undefined;
      let abort = () => {};
      try {
        return await Promise.race([
          new Promise<never>((_, reject) => {
            abort = () => reject(signal.reason);
            signal.addEventListener('abort', abort);
            timer = setTimeout(() => reject(new VecdropError('worker/timeout', 'late')), deadlineMs);
            void ended.then(() => reject(new VecdropError('worker/died', 'dead')));
          }),
          use(remote, port1),
        ]);
      } finally {
        clearTimeout(timer);
        signal.removeEventListener('abort', abort);
        port1.close();
      }
    },
  };
}

function setUp(
  options: Partial<PoolOptions> & {
    open?: (worker: number, kill: () => void) => Promise<void>;
    answer?: (ids: number[]) => Promise<unknown>;
  } = {},
) {
  const hosts: FakeHost[] = [];
  const { open = async () => {}, answer = async () => {}, ...rest } = options;
  const pool = createPool({
    model,
    gguf: new Blob(['x']),
    pooling: 'mean',
    normalize: true,
    size: 1,
    startHost: () => {
      const worker = hosts.length;
      const host: FakeHost = fakeHost(() => open(worker, () => host.terminate()), answer);
      hosts.push(host);
      return host;
    },
    ...rest,
  });
  return { pool, hosts };
}

/** A promise to be resolved from outside. */
function gate() {
  let open = () => {};
  const opened = new Promise<void>(resolve => {
    open = resolve;
  });
  return { opened, open };
}

afterEach(() => vi.useRealTimers());

test('rows come in the order of the batch, from several instances, a second’s work at a time', async () => {
  const { pool, hosts } = setUp({ size: 3, answer: ([id = 0]) => Promise.resolve(id) });
  await pool.ready;
  const batch = Array.from({ length: 40 }, (_, i) => text(i, 1 + i * 14));
  const { data } = await pool.embed(batch, never);
  expect([...data]).toEqual(batch.flatMap((_, i) => [i, 1 + i * 14]));
  expect(hosts).toHaveLength(3);
  expect(hosts.filter(({ calls }) => calls.length > 0)).toHaveLength(3);
  const tokens = hosts.flatMap(({ calls }) => calls.map(ids => ids.reduce((sum, i) => sum + 1 + i * 14, 0)));
  for (const [i, call] of hosts.flatMap(({ calls }) => calls).entries()) {
    expect(call.length === 1 || (tokens[i] ?? 0) <= 512).toBe(true);
  }
});

test('a call whose worker dies is done again by another', async () => {
  let deaths = 0;
  const { pool, hosts } = setUp({
    answer: async ids => {
      if (ids.includes(2) && deaths++ === 0) hosts.at(-1)?.terminate();
    },
  });
  const { data } = await pool.embed([text(1), text(2), text(3)], never);
  expect([...data]).toEqual([1, 1, 2, 1, 3, 1]);
  expect(hosts).toHaveLength(2);
});

test('the third death on one text is blamed on that text alone, and the pool serves on', async () => {
  const { pool, hosts } = setUp();
  const bad = pool.embed([text(1), text(2), text(DIES), text(4)], never);
  const good = pool.embed([text(5)], never);
  const error = await bad.catch((error: unknown) => error);
  expect(error).toMatchObject({ code: 'chunk/rejected' });
  expect(rejectedInput(error)).toBe(2);
  expect([...(await good).data]).toEqual([5, 1]);
  expect(hosts.flatMap(({ calls }) => calls).filter(ids => ids.includes(DIES))).toHaveLength(3);
});

test('a text that hangs its worker is ended by the deadline, and after three by name', async () => {
  vi.useFakeTimers();
  const { pool, hosts } = setUp();
  const failed = expect(pool.embed([text(HANGS)], never)).rejects.toMatchObject({
    code: 'chunk/rejected',
    input: 0,
  });
  await vi.advanceTimersByTimeAsync(10 * 60_000);
  await failed;
  expect(hosts.map(({ alive }) => alive)).toEqual([false, false, false]);
});

test('an abort rejects at once; the worker serves on when its text is done', async () => {
  const busy = gate();
  const { pool, hosts } = setUp({ answer: ([id]) => (id === 1 ? busy.opened : Promise.resolve()) });
  await pool.ready;
  const controller = new AbortController();
  const stopped = pool.embed([text(1)], controller.signal);
  const next = pool.embed([text(2)], never);
  controller.abort();
  await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
  busy.open();
  expect([...(await next).data]).toEqual([2, 1]);
  expect(hosts).toHaveLength(1);
});

test('a worker that an abort does not get free is replaced', async () => {
  vi.useFakeTimers();
  const { pool, hosts } = setUp();
  await pool.ready;
  const controller = new AbortController();
  const stopped = pool.embed([text(HANGS)], controller.signal);
  const next = pool.embed([text(2)], never);
  controller.abort(new Error('any reason'));
  await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
  await vi.advanceTimersByTimeAsync(30_000);
  expect([...(await next).data]).toEqual([2, 1]);
  expect(hosts.map(({ alive }) => alive)).toEqual([false, true]);
});

test('an abort takes only its own calls out of the queue', async () => {
  const busy = gate();
  const { pool, hosts } = setUp({ answer: () => busy.opened });
  await pool.ready;
  const first = pool.embed([text(1)], never);
  const controller = new AbortController();
  const stopped = pool.embed([text(2)], controller.signal);
  const last = pool.embed([text(3)], never);
  controller.abort();
  await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
  busy.open();
  await Promise.all([first, last]);
  expect(hosts[0]?.calls).toEqual([[1], [3]]);
});

test('a short request goes before waiting work, behind requests that came before it; a long one waits its turn', async () => {
  const busy = gate();
  const { pool, hosts } = setUp({ answer: () => busy.opened });
  await pool.ready;
  const working = pool.embed([text(1), text(2, 512), text(3, 512)], never);
  const asked = [
    pool.embed([text(10)], never, { ahead: true }),
    pool.embed([text(11), text(12)], never, { ahead: true }),
    pool.embed([text(13, 512), text(14)], never, { ahead: true }),
  ];
  busy.open();
  expect([...(await working).data]).toEqual([1, 1, 2, 512, 3, 512]);
  const vectors = await Promise.all(asked);
  expect(vectors.flatMap(({ data }) => [...data])).toEqual([10, 1, 11, 1, 12, 1, 13, 512, 14, 1]);
  expect(hosts[0]?.calls).toEqual([[1], [10], [11, 12], [2], [3], [13], [14]]);
});

test('workers that die while loading: three, then every call is told', async () => {
  const { pool, hosts } = setUp({
    open: (_, kill) => {
      kill();
      return new Promise(() => {});
    },
  });
  const calls = [pool.embed([text(1)], never), pool.embed([text(2)], never)];
  for (const call of calls) await expect(call).rejects.toMatchObject({ code: 'model/load' });
  await expect(pool.ready).rejects.toMatchObject({ code: 'model/load' });
  await expect(pool.embed([text(3)], never)).rejects.toMatchObject({ code: 'model/load' });
  expect(hosts).toHaveLength(3);
});

test('a model that is refused is not tried again', async () => {
  const { pool, hosts } = setUp({
    open: async () => {
      throw Object.assign(new Error('Not enough memory.'), { name: 'model/load' });
    },
  });
  await expect(pool.embed([text(1)], never)).rejects.toMatchObject({
    code: 'model/load',
    message: 'Not enough memory.',
  });
  expect(hosts).toHaveLength(1);
});

test('where memory is enough for one instance only, one serves', async () => {
  const { pool, hosts } = setUp({
    size: 4,
    open: async worker => {
      if (worker > 0) throw new VecdropError('model/load', 'Not enough memory.');
    },
  });
  await pool.embed([text(1)], never);
  await pool.embed([text(2)], never);
  expect(hosts.filter(({ alive }) => alive)).toHaveLength(1);
  expect(hosts).toHaveLength(4);
  expect(pool.info.instances).toBe(1);
});

test('an instance that fails its check does not serve', async () => {
  const { pool, hosts } = setUp({
    check: async embed => {
      await embed([Int32Array.of(1)]);
      throw new VecdropError('engine/failed', 'Wrong vectors.');
    },
  });
  await expect(pool.ready).rejects.toMatchObject({ code: 'model/load', message: 'Wrong vectors.' });
  expect(hosts.map(({ alive }) => alive)).toEqual([false]);
});

test('a worker that dies idle is replaced when it is needed', async () => {
  const { pool, hosts } = setUp();
  await pool.embed([text(1)], never);
  hosts[0]?.terminate();
  await expect.poll(() => pool.info.instances).toBe(0);
  expect(hosts).toHaveLength(1);
  expect([...(await pool.embed([text(2)], never)).data]).toEqual([2, 1]);
});

test('closing settles everything and ends the workers', async () => {
  const { pool, hosts } = setUp({ size: 2, answer: () => new Promise(() => {}) });
  await pool.ready;
  const calls = [1, 2, 3, 4].map(id => pool.embed([text(id)], never));
  const free = pool.whenFree();
  await pool.close();
  for (const call of calls) await expect(call).rejects.toMatchObject({ name: 'AbortError' });
  await free;
  await expect(pool.embed([text(5)], never)).rejects.toMatchObject({ name: 'AbortError' });
  expect(hosts.every(({ alive }) => !alive)).toBe(true);
});

test('whenFree waits while as many calls wait as instances serve', async () => {
  const busy = gate();
  const { pool } = setUp({ answer: () => busy.opened });
  await pool.ready;
  const calls = [pool.embed([text(1)], never)];
  await pool.whenFree();
  calls.push(pool.embed([text(2)], never));
  let free = false;
  const waited = pool.whenFree().then(() => {
    free = true;
  });
  await Promise.resolve();
  expect(free).toBe(false);
  busy.open();
  await waited;
  await Promise.all(calls);
});

test('a text past the context is refused by its place in the batch', async () => {
  const { pool } = setUp();
  const error = await pool.embed([text(1), text(2, 601)], never).catch((error: unknown) => error);
  expect(error).toMatchObject({ code: 'chunk/too-long' });
  expect(rejectedInput(error)).toBe(1);
});

test('an empty batch has no vectors', async () => {
  const { pool } = setUp();
  expect(await pool.embed([], never)).toEqual({ data: new Float32Array(), dimensions: 2 });
});
