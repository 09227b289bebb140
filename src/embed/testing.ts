import type { Remote } from 'comlink';
import type { EngineId } from '../domain/engine.ts';
import type { ModelInfo } from '../domain/model.ts';
import type { WorkerHost } from '../rpc/host.ts';
import type { EmbedApi, EngineText } from './embed-api.ts';
import type { EngineFactory } from './engine-factory.ts';
import { createPool } from './pool.ts';

/** For tests: a model, and engines whose vectors depend on what a test says. */
export const testModel: ModelInfo = {
  id: 'fake',
  name: 'fake',
  architecture: 'bert',
  dimensions: 4,
  contextLength: 600,
  layers: 1,
  pooling: 'mean',
  tokenizer: 'wordpiece',
  vocabularySize: 1000,
  quantization: 'F32',
  bytes: 1,
};

/** The right vector of a text, of length 1: of its ids alone. */
export function rightVector(text: EngineText): number[] {
  const ids = typeof text === 'string' ? [text.length] : [...text];
  const sums = [0, 1, 2, 3].map(i => ids.reduce((sum, id) => sum + Math.sin(id * (i + 1) + i), 0.1));
  const norm = Math.hypot(...sums);
  return sums.map(value => value / norm);
}

export interface FakeEngineOptions {
  id: EngineId;
  watched?: boolean;
  vectorOf?: (text: EngineText, call: number) => number[];
  /** Awaited before every answer. */
  pace?: (texts: readonly EngineText[]) => Promise<unknown>;
  open?: () => Promise<void>;
  available?: true | string;
  instanceBytes?: number;
  sharedBytes?: number;
}

export interface FakeEngine extends EngineFactory {
  /** Workers that were started, and whether they still run. */
  workers: { alive: boolean; calls: EngineText[][] }[];
}

/** An engine in the registry's form, in a pool as any other, without a worker. */
export function fakeEngine(options: FakeEngineOptions): FakeEngine {
  const {
    id,
    watched = false,
    vectorOf = rightVector,
    pace = async () => {},
    open = async () => {},
  } = options;
  const workers: FakeEngine['workers'] = [];

  function startHost(): WorkerHost<EmbedApi> {
    const worker = { alive: true, calls: [] as EngineText[][] };
    workers.push(worker);
    let end = () => {};
    const ended = new Promise<void>(resolve => {
      end = resolve;
    });
    const remote = {
      async open() {
        await open();
        return { name: `fake ${id}` };
      },
      async embed(texts: EngineText[]) {
        const call = worker.calls.push(texts);
        await pace(texts);
        return Float32Array.from(texts.flatMap(text => vectorOf(text, call)));
      },
    } as unknown as Remote<EmbedApi>;
    return {
      ended,
      get alive() {
        return worker.alive;
      },
      terminate() {
        worker.alive = false;
        end();
      },
      async call(signal, _deadline, use) {
        signal.throwIfAborted();
        const { port1, port2 } = new MessageChannel();
        let abort = () => {};
        const interruption = new Promise<never>((_, reject) => {
          abort = () => reject(signal.reason);
          signal.addEventListener('abort', abort, { once: true });
          void ended.then(() => reject(Object.assign(new Error('It died.'), { name: 'worker/died' })));
        });
        try {
          return await Promise.race([use(remote, port2), interruption]);
        } finally {
          signal.removeEventListener('abort', abort);
          port1.close();
        }
      },
    };
  }

  return {
    id,
    name: `fake ${id}`,
    watched,
    leastCosine: 0.999,
    workers,
    available: async () => options.available ?? true,
    instanceBytes: async () => options.instanceBytes ?? 1,
    sharedBytes: async () => options.sharedBytes ?? 0,
    start: ({ recipe, instances, threads: _, ...rest }) =>
      createPool({ ...rest, ...recipe, size: watched ? 1 : instances, startHost }),
  };
}
