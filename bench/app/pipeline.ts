import type { EngineFactory } from '../../src/embed/engine-factory.ts';
import { kernel } from '../../src/embed/kernel/factory.ts';
import { thisMachine } from '../../src/embed/machine.ts';
import type { Pool } from '../../src/embed/pool.ts';
import { wllamaCpu } from '../../src/embed/wllama/cpu.ts';
import { putCollection } from '../../src/store/collections.ts';
import { openDatabase } from '../../src/store/database.ts';
import { liveFiles } from '../../src/store/files.ts';
import { readSettings } from '../../src/store/meta.ts';
import { addFiles } from '../../src/workspace/additions.ts';
import { builtIn } from '../../src/workspace/built-in.ts';
import { createEmbedService } from '../../src/workspace/embed-service.ts';
import { createEngineChoices } from '../../src/workspace/engine-choice.ts';
import { createEngines } from '../../src/workspace/engines.ts';
import { createModels, defaultRecipe } from '../../src/workspace/models.ts';
import { createPipeline } from '../../src/workspace/pipeline.ts';
import { createReader } from '../../src/workspace/reader.ts';
import { createSentenceVectors } from '../../src/workspace/sentence-vectors.ts';
import type { PipelineRun } from './api.ts';

const COLLECTION = 'bench';
const never = new AbortController().signal;

/**
 * Indexes a folder as the app does, with every stage of the app's, and watches the pool: whether each instance has
 * something to embed. The engine is loaded before, so that the time of loading is not waiting.
 */
export async function indexFolder(baseUrl: string, folder: readonly File[]): Promise<PipelineRun> {
  const db = await openDatabase({ name: `vecdrop-bench-${crypto.randomUUID()}`, onBlocked: () => {} });
  const machine = thisMachine();
  const models = createModels(db, baseUrl);
  const watch = createWatch();
  const engines = createEngines({
    models,
    choices: createEngineChoices(db, 'bench', () => machine),
    settings: () => readSettings(db),
    machine: () => machine,
    openRemote: () => Promise.reject(new Error('There is no endpoint here.')),
    onState: () => {},
    onCall: () => {},
    factories: [watch.factory(kernel), wllamaCpu],
  });
  const sentences = createSentenceVectors(createEmbedService(engines));
  const recipe = defaultRecipe(builtIn);
  const engine = await engines.get(recipe, never);
  await engine.embed([{ text: '', ids: Int32Array.of(101, 102) }], never);
  await watch.whole();

  await putCollection(db, { id: COLLECTION, name: COLLECTION, recipe, createdAt: Date.now() });
  const additions = folder.map(file => ({ file, path: file.name, fromFolder: true }));
  const noModels = () => Promise.reject(new Error('No model is expected here.'));
  await addFiles(db, COLLECTION, additions, noModels, never, () => {});

  let tokens = 0;
  const stop = new AbortController();
  const pipeline = createPipeline({
    db,
    reader: createReader(),
    sentences,
    models,
    engines,
    onTokens: more => {
      tokens += more;
    },
    onProgress: () => {},
  });
  db.onChange(() => pipeline.check());
  watch.start();
  const began = performance.now();
  const running = pipeline.run(stop.signal);
  const files = await settled();
  const seconds = (performance.now() - began) / 1000;
  stop.abort();
  await running;
  const { idle, instances } = watch.end();
  await engines.close();
  db.close();
  return { idle, instances, tokens, seconds, ...files };

  /** When no file waits any more. */
  async function settled() {
    for (;;) {
      const rows = await liveFiles(db, COLLECTION);
      if (rows.every(({ queue }) => queue === undefined)) {
        const failed = rows.filter(({ state }) => state === 'failed').map(({ path }) => path);
        return { files: rows.length, failed };
      }
      await new Promise(resolve => setTimeout(resolve, 200));
    }
  }
}

/** Sees what a pool has to do: of the time up to the last call, the share in which an instance had none. */
function createWatch() {
  let pool: Pool | undefined;
  let calls = 0;
  let since = 0;
  let began = 0;
  /** Milliseconds of all instances without a call: up to now, and up to the last call. */
  let idle = 0;
  let idleThen = 0;
  let lastCall = 0;

  function count(change: number) {
    const now = performance.now();
    const { instances = 1 } = pool?.info ?? {};
    idle += (now - since) * Math.max(0, 1 - calls / instances);
    since = now;
    calls += change;
    if (change > 0) [idleThen, lastCall] = [idle, now];
  }

  function watched(inner: Pool): Pool {
    pool = inner;
    return {
      ...inner,
      async embed(...args) {
        count(1);
        try {
          return await inner.embed(...args);
        } finally {
          count(-1);
        }
      },
    };
  }

  return {
    factory: (inner: EngineFactory): EngineFactory => ({
      ...inner,
      start: options => watched(inner.start(options)),
    }),
    whole: async () => pool?.whole(),
    start() {
      since = performance.now();
      began = since;
      idle = 0;
    },
    end: () => ({ idle: idleThen / (lastCall - began), instances: pool?.info.instances ?? 0 }),
  };
}
