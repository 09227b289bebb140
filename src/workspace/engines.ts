import type { EngineChoice, EngineReport } from '../domain/engine.ts';
import type { Recipe } from '../domain/recipe.ts';
import { REFERENCE } from '../embed/choose.ts';
import type { Embedder, EngineInfo } from '../embed/embedder.ts';
import type { EngineFactory, Machine } from '../embed/engine-factory.ts';
import { openEngine } from '../embed/open.ts';
import type { Pool } from '../embed/pool.ts';
import { engineFactories } from '../embed/registry.ts';
import { samplesFor } from '../embed/samples.ts';
import { shaped } from '../embed/shape.ts';
import { unlessAborted } from '../rpc/wait.ts';
import type { Settings } from './api.ts';
import type { LoggedCall } from './call-log.ts';
import type { EngineChoices } from './engine-choice.ts';
import { type EnginePlan, holds, planKey, roomFor } from './engine-plan.ts';
import { createTrials } from './engine-trials.ts';
import type { Models, OpenModel } from './models.ts';

/** A model's engine as its users have it: whichever engine that is at the moment. */
export type Served = Pick<Embedder, 'embed'> & Pick<Pool, 'whenFree'>;

/** The engines that are loaded: as many models' as the memory allows, those closed that nobody used for a while. */
export interface Engines {
  /**
   * Resolves when the recipe's model serves. What comes may be used for as long as wanted: an engine that was closed
   * meanwhile is loaded again by the next call. An abort ends the wait, and the load that nobody else waits for.
   */
  get(recipe: Recipe, signal: AbortSignal): Promise<Served>;
  /** Tests every engine that could serve the recipe's model, and keeps what was found. */
  test(recipe: Recipe, signal: AbortSignal): Promise<EngineChoice>;
  /**
   * Leaves so many bytes of the memory to something else: the engines that are loaded go down to fewer instances, at
   * the least one each, the least recent first; those that come find less room.
   */
  makeRoom(bytes: number): void;
  close(): Promise<void>;
}

export type EngineState =
  | { state: 'idle' }
  | { state: 'loading' }
  | ({ state: 'ready' } & EngineInfo)
  | { state: 'failed'; error: unknown };

export interface EnginesOptions {
  models: Models;
  choices: EngineChoices;
  settings: () => Promise<Settings>;
  machine: () => Promise<Machine>;
  /** Opens a model that is behind an endpoint. */
  openRemote: (model: OpenModel, recipe: Recipe, signal: AbortSignal) => Promise<Pool>;
  onState: (state: EngineState) => void;
  onCall: (call: LoggedCall, keepPrompts: boolean) => void;
  factories?: readonly EngineFactory[];
}

/** How long an engine that nobody uses is kept. */
const IDLE_MS = 120_000;

/** One loaded engine, or one that is being loaded. */
interface Entry {
  key: string;
  plan: EnginePlan;
  pool: Promise<Pool>;
  /** Once it serves. */
  loaded?: Pool;
  /** Of its instances now. */
  bytes: number;
  /** Who waits for it, calls it or tests it. */
  users: number;
  calls: number;
  usedAt: number;
  state: EngineState;
  /** Ends the load. */
  abort: AbortController;
  /** Not handed out any more: closes with its last user. */
  retired: boolean;
  /** While something is timed, calls wait. */
  gate?: Promise<void> | undefined;
  /** Whether a test's result is known, and whether it is of every engine. */
  chosen: boolean;
  tested: boolean;
  timer?: ReturnType<typeof setTimeout> | undefined;
  onRest: (() => void)[];
}

export function createEngines(options: EnginesOptions): Engines {
  const {
    models,
    choices,
    settings,
    machine,
    openRemote,
    onState,
    onCall,
    factories = engineFactories,
  } = options;
  const trials = createTrials({ choices, settings, machine, factories });
  const entries = new Map<string, Entry>();
  let shown: Entry | undefined;
  let uses = 0;
  /** Bytes of the budget that are not for engines. */
  let taken = 0;
  /** What is opened and closed is decided by one at a time. */
  let deciding: Promise<unknown> = Promise.resolve();

  function tell(entry: Entry, state: EngineState): void {
    entry.state = state;
    if (entry === shown) onState(state);
  }

  function show(entry: Entry | undefined): void {
    if (entry === shown) return;
    shown = entry;
    onState(entry?.state ?? { state: 'idle' });
  }

  function latest(): Entry | undefined {
    return [...entries.values()].toSorted((a, b) => b.usedAt - a.usedAt)[0];
  }

  /** Gives an engine's memory back, now or when its last user is gone. */
  function retire(entry: Entry): void {
    entry.retired = true;
    if (entries.get(entry.key) === entry) entries.delete(entry.key);
    if (entry.users === 0) end(entry);
  }

  function end(entry: Entry): void {
    clearTimeout(entry.timer);
    entry.abort.abort();
    entry.bytes = 0;
    void entry.pool.then(
      pool => pool.close(),
      () => {},
    );
    if (entry === shown && entry.state.state !== 'failed') show(latest());
  }

  function leave(entry: Entry): void {
    entry.users -= 1;
    if (entry.users > 0) return;
    for (const rest of entry.onRest.splice(0)) rest();
    // A load that nobody waits for any more is given up.
    if (entry.retired || !entry.loaded) {
      if (entry.retired) end(entry);
      else retire(entry);
    } else entry.timer = setTimeout(() => retire(entry), IDLE_MS);
  }

  function enter(recipe: Recipe, tokens: number): Promise<Entry> {
    const turn = deciding.then(() => decide(recipe, tokens));
    deciding = turn.catch(() => {});
    return turn.then(entry => {
      show(entry);
      return entry;
    });
  }

  /** The engine for a text of so many tokens; one that is set to something else makes room for it. */
  async function decide(recipe: Recipe, tokens: number): Promise<Entry> {
    const model = await models.open(recipe.modelId);
    const choice = model.info.remote ? undefined : await choices.get(recipe.modelId);
    const plan = await trials.plan(model, recipe, tokens, choice);
    const key = planKey(recipe);
    const there = entries.get(key);
    let entry: Entry;
    if (!there || there.plan.settings !== plan.settings || there.plan.contextLength < plan.contextLength) {
      if (there) retire(there);
      const room = roomFor(leftOf(plan), [...entries.values()]);
      for (const other of room.shrink) resize(other, 1);
      for (const other of room.close) retire(other);
      entry = open(plan, room.instances, model, recipe, there);
      entry.chosen = choice !== undefined;
      entry.tested = choice !== undefined && trials.covers(choice);
      entries.set(key, entry);
    } else {
      entry = there;
      if (there.users >= there.plan.instances && there.plan.instances < plan.instances) makeMore(there, plan);
    }
    clearTimeout(entry.timer);
    entry.users += 1;
    entry.usedAt = ++uses;
    return entry;
  }

  /** More calls than instances, which had been made fewer for another engine. */
  function makeMore(entry: Entry, plan: EnginePlan): void {
    const others = [...entries.values()].filter(other => other !== entry);
    const room = roomFor(leftOf(plan), others);
    for (const other of room.shrink) resize(other, 1);
    if (room.instances > entry.plan.instances) resize(entry, room.instances);
  }

  /** A plan with the budget that is left to engines. */
  function leftOf(plan: EnginePlan): EnginePlan {
    return { ...plan, budgetBytes: plan.budgetBytes - taken };
  }

  function makeRoom(bytes: number): void {
    taken = bytes;
    for (const entry of [...entries.values()].toSorted((a, b) => a.usedAt - b.usedAt)) {
      const { budgetBytes, instances, instanceBytes } = leftOf(entry.plan);
      const over = [...entries.values()].reduce((sum, other) => sum + other.bytes, -budgetBytes);
      const fewer = Math.max(1, instances - Math.max(0, Math.ceil(over / instanceBytes)));
      if (fewer < instances) resize(entry, fewer);
    }
  }

  function resize(entry: Entry, instances: number): void {
    entry.plan = { ...entry.plan, instances };
    entry.bytes = holds(entry.plan, instances);
    entry.loaded?.resize(instances);
  }

  function open(
    planned: EnginePlan,
    instances: number,
    model: OpenModel,
    recipe: Recipe,
    before: Entry | undefined,
  ): Entry {
    const key = planKey(recipe);
    const plan = { ...planned, instances };
    const abort = new AbortController();
    const entry: Entry = {
      key,
      plan,
      pool: Promise.resolve().then(async () => {
        // Two engines of one model at once might be too much.
        if (before) await rested(before);
        return load(entry, model, recipe, abort.signal);
      }),
      bytes: holds(plan, instances),
      users: 0,
      calls: 0,
      usedAt: 0,
      state: { state: 'loading' },
      abort,
      retired: false,
      chosen: false,
      tested: false,
      onRest: [],
    };
    entry.pool.then(
      pool => {
        entry.loaded = pool;
        // Given fewer while it loaded.
        pool.resize(entry.plan.instances);
      },
      error => {
        if (entries.get(key) === entry) entries.delete(key);
        entry.retired = true;
        entry.bytes = 0;
        if (entry === shown && abort.signal.aborted) show(latest());
        else tell(entry, { state: 'failed', error });
      },
    );
    return entry;
  }

  function rested(entry: Entry): Promise<void> {
    return entry.users === 0 ? Promise.resolve() : new Promise(resolve => entry.onRest.push(resolve));
  }

  async function load(entry: Entry, model: OpenModel, recipe: Recipe, signal: AbortSignal): Promise<Pool> {
    const { info, gguf } = model;
    if (!entry.chosen && !info.remote) await chooseFirst(entry, model, recipe, signal);
    const { plan } = entry;
    if (info.remote) {
      const pool = await openRemote(model, recipe, signal);
      tell(entry, { state: 'ready', ...pool.info });
      return pool;
    }
    return openEngine(info, gguf, recipe, signal, {
      ...plan,
      samples: samplesFor(info, model.tokenizer, recipe.pooling),
      factories,
      onInfo: ready => tell(entry, { state: 'ready', ...ready }),
      fallbackInstances: plan.fallback?.instances ?? plan.instances,
      onFall: fall => {
        if (plan.fallback) entry.plan = plan.fallback;
        entry.bytes = holds(entry.plan, entry.plan.instances);
        void choices.fell(info.id, plan.engine, fall).catch(() => {});
      },
    });
  }

  async function chooseFirst(entry: Entry, model: OpenModel, recipe: Recipe, signal: AbortSignal) {
    const choice = await trials.ofTrusted(model, recipe, signal);
    if (!choice) return;
    entry.tested = trials.covers(choice);
    const plan = await trials.plan(model, recipe, entry.plan.contextLength, choice);
    entry.plan = { ...plan, instances: Math.min(plan.instances, entry.plan.instances) };
    entry.bytes = holds(plan, entry.plan.instances);
  }

  /** Works with the recipe's engine, which stays open meanwhile. */
  async function use<R>(
    recipe: Recipe,
    tokens: number,
    signal: AbortSignal,
    work: (pool: Pool, entry: Entry) => Promise<R>,
  ): Promise<R> {
    signal.throwIfAborted();
    const entry = await enter(recipe, tokens);
    try {
      const pool = await unlessAborted(entry.pool, signal);
      while (entry.gate) await unlessAborted(entry.gate, signal);
      return await work(pool, entry);
    } finally {
      leave(entry);
    }
  }

  async function call(recipe: Recipe, ...[batch, signal, options]: Parameters<Embedder['embed']>) {
    const tokens = batch.reduce((most, { ids }) => Math.max(most, ids.length), 0);
    return use(recipe, tokens, signal, async (pool, entry) => {
      const at = Date.now();
      entry.calls += 1;
      try {
        const vectors = await pool.embed(batch, signal, options);
        const { logPrompts = false } = await settings();
        const engine = pool.info.name;
        onCall({ at, modelId: recipe.modelId, engine, ms: Date.now() - at, batch }, logPrompts === true);
        if (!entry.tested) testLater(entry, recipe);
        return shaped(vectors, recipe);
      } finally {
        entry.calls -= 1;
      }
    });
  }

  /** The first vectors are out: whether an engine that needs watching is faster is found beside the work. */
  function testLater(entry: Entry, recipe: Recipe): void {
    entry.tested = true;
    const watched = async () => {
      const info = await models.info(recipe.modelId);
      if (await trials.anyWatched(info)) await test(recipe, new AbortController().signal);
    };
    // It was not asked for, so nobody is told.
    watched().catch(() => {});
  }

  function test(recipe: Recipe, signal: AbortSignal): Promise<EngineChoice> {
    return use(recipe, 0, signal, async (pool, entry) => {
      const model = await models.open(recipe.modelId);
      if (model.info.remote) return remoteChoice(pool);
      const running = entry.plan.engine === REFERENCE ? pool : undefined;
      const choice = await trials.ofAll(model, recipe, signal, running, work => alone(entry, work));
      entry.tested = true;
      return choice;
    });
  }

  /** Runs what is timed: calls that come meanwhile wait, those under way are waited for. */
  async function alone<R>(entry: Entry, work: () => Promise<R>): Promise<R> {
    while (entry.gate) await entry.gate;
    let open = () => {};
    entry.gate = new Promise(resolve => {
      open = resolve;
    });
    try {
      while (entry.calls > 0) await new Promise(resolve => setTimeout(resolve, 10));
      return await work();
    } finally {
      entry.gate = undefined;
      open();
    }
  }

  return {
    async get(recipe, signal) {
      await use(recipe, 0, signal, async () => {});
      return {
        embed: (...args) => call(recipe, ...args),
        // What keeps an engine from serving is told by the call.
        whenFree: () => use(recipe, 0, signal, pool => pool.whenFree()).catch(() => {}),
      };
    },
    test,
    makeRoom,
    async close() {
      await deciding;
      for (const entry of [...entries.values()]) {
        retire(entry);
        end(entry);
      }
    },
  };
}

function remoteChoice({ info }: Pool): EngineChoice {
  const report: EngineReport = { engine: 'remote', name: info.name, outcome: 'right' };
  return { taken: 'remote', overruled: false, reports: [report] };
}
