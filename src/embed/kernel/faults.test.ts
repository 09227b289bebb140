import { readFile } from 'node:fs/promises';
import type { Remote } from 'comlink';
import { expect, test } from 'vitest';
import { tinyModels } from '../../../scripts/make-tiny-models.ts';
import { VecdropError } from '../../domain/errors.ts';
import { readModel } from '../../gguf/model-info.ts';
import { readGguf } from '../../gguf/read.ts';
import { portOf } from '../../rpc/abort-port.ts';
import type { WorkerHost } from '../../rpc/host.ts';
import { choose, testEngines } from '../choose.ts';
import { cosine, rowOf } from '../compare.ts';
import type { EmbedApi, OpenedEngine, Share } from '../embed-api.ts';
import type { EngineFactory } from '../engine-factory.ts';
import golden from '../golden.json' with { type: 'json' };
import { openEngine, startOptions } from '../open.ts';
import { createPool } from '../pool.ts';
import { samplesFor } from '../samples.ts';
import { openKernel } from './engine.ts';
import { createKernelService } from './service.ts';

const never = new AbortController().signal;
const MEAN = { pooling: 'mean', normalize: true } as const;

interface Hooks {
  /** A call is on its way. */
  onEmbed?: (host: WorkerHost<EmbedApi>) => void;
  onOpen?: (share: Share | undefined, opened: OpenedEngine) => void;
}

/**
 * A worker's host with the kernel's service behind it, here. One that is terminated in mid-work goes on with it, as a
 * worker does for a moment.
 */
function serviceHost({ onEmbed = () => {}, onOpen = () => {} }: Hooks = {}): WorkerHost<EmbedApi> {
  const service = createKernelService() as unknown as Remote<EmbedApi>;
  let alive = true;
  let end = () => {};
  const ended = new Promise<void>(resolve => {
    end = resolve;
  });
  const host: WorkerHost<EmbedApi> = {
    ended,
    get alive() {
      return alive;
    },
    terminate() {
      alive = false;
      end();
    },
    async call(signal, _deadlineMs, use) {
      signal.throwIfAborted();
      const { port, release } = portOf(signal);
      let abort = () => {};
      const lost = new Promise<never>((_, reject) => {
        abort = () => reject(signal.reason);
        signal.addEventListener('abort', abort, { once: true });
        void ended.then(() => reject(new VecdropError('worker/died', 'It died.')));
      });
      const remote = {
        async open(...args: Parameters<EmbedApi['open']>) {
          const opened = await service.open(...args);
          onOpen(args[2], opened);
          return opened;
        },
        embed(...args: Parameters<EmbedApi['embed']>) {
          const answer = service.embed(...args);
          onEmbed(host);
          return answer;
        },
      } as unknown as Remote<EmbedApi>;
      try {
        return await Promise.race([use(remote, port), lost]);
      } finally {
        signal.removeEventListener('abort', abort);
        release();
      }
    },
  };
  return host;
}

/** The kernel as an engine of some name, with `gguf` in the place of the file that it is given. */
function engineOn(id: EngineFactory['id'], gguf: Blob): EngineFactory {
  return {
    id,
    name: id,
    watched: false,
    leastCosine: 0.999,
    available: async () => true,
    instanceBytes: async () => 1,
    start: ({ recipe, instances, ...rest }) =>
      createPool({ ...rest, ...recipe, gguf, size: instances, startHost: () => serviceHost() }),
  };
}

test('a damaged weight is noticed by the self-test, and the reference takes over with the reason told', async () => {
  const bytes = new Uint8Array(await readFile('public/models/all-MiniLM-L6-v2-Q8_0.gguf'));
  const whole = new Blob([bytes]);
  const { info: model, tokenizer } = await readModel(whole, 'built-in', golden.modelId);
  const { tensors } = await readGguf(whole, 'model');
  const { offset = 0, bytes: size = 0 } = tensors.find(({ name }) => name === 'blk.2.attn_v.weight') ?? {};
  const damaged = new Blob([bytes.slice().copyWithin(offset, offset + size / 2, offset + size)]);
  const factories = [engineOn('kernel', damaged), engineOn('wllama-cpu', whole)];
  const samples = samplesFor(model, tokenizer);
  const machine = { cores: 2, isolated: true };
  const start = startOptions(model, whole, MEAN, { instances: 1 });
  const found = await testEngines(
    { model, machine, factories, samples, startOptions: async () => start },
    never,
  );
  const { taken, reports } = choose(found, 'kernel');
  expect(taken).toBe('wllama-cpu');
  expect(reports).toMatchObject([{ engine: 'kernel', outcome: 'wrong' }, { outcome: 'right' }]);
  expect(reports[0]?.cosine).toBeLessThan(0.99);
  expect(reports[0]?.reason).toContain('Its vectors are wrong');

  const falls: string[] = [];
  const pool = await openEngine(model, whole, MEAN, never, {
    engine: 'kernel',
    samples,
    instances: 1,
    factories,
    onFall: ({ outcome, reason }) => falls.push(`${outcome}: ${reason}`),
  });
  expect(falls).toHaveLength(1);
  expect(falls[0]).toMatch(/^failed: .*vectors/);
  const { data, dimensions } = await pool.embed(samples.inputs, never);
  const expected = samples.expected ?? expect.unreachable();
  for (const row of samples.inputs.keys()) {
    expect(cosine(rowOf(data, row, dimensions), rowOf(expected, row, dimensions))).toBeGreaterThan(0.999);
  }
  await pool.close();
});

test.each([
  ['with one copy of the weights', true],
  ['with a copy each', false],
])(
  '%s: a worker killed and a job aborted in the middle, and every other text gets its vector, once',
  async (_, shares) => {
    const gguf = new Blob([tinyModels['bert-mean']()]);
    const { info: model } = await readModel(gguf, 'tiny', 'id');
    const { dimensions } = model;
    const hosts: WorkerHost<EmbedApi>[] = [];
    const opened: { share: Share | undefined; memory: WebAssembly.Memory | undefined }[] = [];
    let calls = 0;
    const controller = new AbortController();
    const pool = createPool({
      model,
      gguf,
      ...MEAN,
      size: 2,
      shares,
      startHost: () => {
        const host = serviceHost({
          onEmbed(self) {
            calls += 1;
            // In the middle of a call: it has begun and not answered. First the job that is stopped, then one that is not.
            if (calls === 3 || calls === 12) self.terminate();
            if (calls === 5) controller.abort();
          },
          onOpen: (share, { memory }) => opened.push({ share, memory }),
        });
        hosts.push(host);
        return host;
      },
    });
    await pool.whole();
    const inputs = Array.from({ length: 60 }, (_, i) => ({
      text: '',
      ids: Int32Array.from({ length: 20 + ((i * 37) % 200) }, (_, at) => 100 + ((at * 7919 + i) % 100)),
    }));
    const stopped = expect(pool.embed(inputs, controller.signal)).rejects.toMatchObject({
      name: 'AbortError',
    });
    const [forwards, backwards] = await Promise.all([
      pool.embed(inputs, never),
      pool.embed(inputs.toReversed(), never),
    ]);
    await stopped;
    const { embed } = await openKernel(gguf, { ...model, ...MEAN });
    const exact = await embed(
      inputs.map(({ ids }) => ids),
      never,
    );
    expect(forwards.data).toEqual(exact);
    for (const row of inputs.keys()) {
      const vector = rowOf(backwards.data, inputs.length - 1 - row, dimensions);
      expect(vector).toEqual(rowOf(exact, row, dimensions));
    }
    expect(hosts.length).toBe(4);
    expect((await pool.embed(inputs.slice(0, 1), never)).data).toEqual(rowOf(exact, 0, dimensions));
    if (shares) {
      expect(new Set(opened.map(({ memory }) => memory)).size).toBe(1);
      // Those that were killed in mid-work keep their places: they may still write there.
      expect(new Set(opened.map(({ share }) => share?.place)).size).toBe(4);
    } else expect(opened.every(({ memory }) => memory === undefined)).toBe(true);
    await pool.close();
    expect(hosts.every(({ alive }) => !alive)).toBe(true);
  },
);

test('a pool that shares its weights shrinks and grows in the same memory', async () => {
  const gguf = new Blob([tinyModels['nomic-bert']()]);
  const { info: model } = await readModel(gguf, 'tiny', 'id');
  const opened: { share: Share | undefined; memory: WebAssembly.Memory | undefined }[] = [];
  const pool = createPool({
    model,
    gguf,
    ...MEAN,
    size: 3,
    shares: true,
    startHost: () => serviceHost({ onOpen: (share, { memory }) => opened.push({ share, memory }) }),
  });
  await pool.whole();
  const input = { text: '', ids: Int32Array.from({ length: 40 }, (_, at) => 100 + at) };
  const { data } = await pool.embed([input], never);
  const [first] = opened;
  const bytes = first?.memory?.buffer.byteLength;
  for (const size of [1, 3, 2, 3]) {
    pool.resize(size);
    await pool.whole();
    expect(pool.info.instances).toBe(size);
    expect((await pool.embed([input], never)).data).toEqual(data);
  }
  expect(opened).toHaveLength(6);
  expect(opened.every(({ memory }) => memory === first?.memory)).toBe(true);
  expect(first?.memory?.buffer.byteLength).toBe(bytes);
  await pool.close();
});
