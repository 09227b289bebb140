import type { EngineChoice } from '../domain/engine.ts';
import type { ModelInfo } from '../domain/model.ts';
import type { Recipe } from '../domain/recipe.ts';
import { REFERENCE, type TestOptions, testEngines } from '../embed/choose.ts';
import type { EngineFactory, Machine } from '../embed/engine-factory.ts';
import { startOptions } from '../embed/open.ts';
import type { Pool } from '../embed/pool.ts';
import { samplesFor } from '../embed/samples.ts';
import type { Settings } from './api.ts';
import type { EngineChoices } from './engine-choice.ts';
import { type EnginePlan, holds, planEngine, planWith } from './engine-plan.ts';
import type { OpenModel } from './models.ts';

export interface TrialsOptions {
  choices: EngineChoices;
  settings: () => Promise<Settings>;
  machine: () => Promise<Machine>;
  factories: readonly EngineFactory[];
}

/** Tests of engines as this machine and its settings would run them, with what they find kept. */
export interface Trials {
  plan(
    model: OpenModel,
    recipe: Recipe,
    tokens: number,
    choice: EngineChoice | undefined,
  ): Promise<EnginePlan>;
  /**
   * Compares the engines that need no watching, where there are several. It is done before a model's first vectors: it
   * takes a moment, and a collection's vectors are then all of one engine, the same bits however often the work is
   * interrupted. With shipped vectors to compare with, only as many are tried as it takes. Undefined where there is nothing to choose, or the test itself fails.
   */
  ofTrusted(model: OpenModel, recipe: Recipe, signal: AbortSignal): Promise<EngineChoice | undefined>;
  /** Tests every engine. `running` is the reference's pool where it runs already. */
  ofAll(
    model: OpenModel,
    recipe: Recipe,
    signal: AbortSignal,
    running: Pool | undefined,
    exclusively: NonNullable<TestOptions['exclusively']>,
  ): Promise<EngineChoice>;
  /** Whether every engine that there is has a report. */
  covers(choice: EngineChoice): boolean;
  /** Whether an engine that needs watching could serve the model. */
  anyWatched(info: ModelInfo): Promise<boolean>;
}

export function createTrials({ choices, settings, machine, factories }: TrialsOptions): Trials {
  async function plan(
    model: OpenModel,
    recipe: Recipe,
    tokens: number,
    choice: EngineChoice | undefined,
  ): Promise<EnginePlan> {
    const [set, here] = await Promise.all([settings(), machine()]);
    return planEngine({ model, recipe, tokens, settings: set, machine: here, choice, factories });
  }

  /** The engine, not available where one instance of it is more than the memory allows. The reference always is. */
  function within(factory: EngineFactory, model: OpenModel, recipe: Recipe): EngineFactory {
    if (factory.id === REFERENCE) return factory;
    return {
      ...factory,
      async available(info, here) {
        const there = await factory.available(info, here);
        if (there !== true) return there;
        const options = { model, recipe, tokens: 0, settings: await settings(), machine: here };
        const planned = await planWith(factory, options).catch(() => undefined);
        // What keeps it from reading the file's head is told when it is started.
        if (!planned || holds(planned, 1) <= planned.budgetBytes) return true;
        const [due, room] = [holds(planned, 1), planned.budgetBytes].map(bytes =>
          Math.round(bytes / 2 ** 20),
        );
        return `It would take ${due} MB of memory, and engines may take ${room} MB here.`;
      },
    };
  }

  async function available(
    info: ModelInfo,
    asked: readonly EngineFactory[] = factories,
  ): Promise<ReadonlySet<EngineFactory>> {
    const here = await machine();
    const there = await Promise.all(asked.map(factory => factory.available(info, here)));
    return new Set(asked.filter((_, i) => there[i] === true));
  }

  async function optionsFor(
    model: OpenModel,
    recipe: Recipe,
    tested: readonly EngineFactory[],
  ): Promise<TestOptions> {
    const { info, gguf, tokenizer } = model;
    return {
      model: info,
      factories: tested,
      machine: await machine(),
      samples: samplesFor(info, tokenizer, recipe.pooling),
      async startOptions({ id }) {
        const choice = { taken: id, overruled: false, reports: [] };
        return startOptions(info, gguf, recipe, await plan(model, recipe, 0, choice));
      },
    };
  }

  return {
    plan,
    async ofTrusted(model, recipe, signal) {
      const asked = factories.map(factory => within(factory, model, recipe));
      const there = await available(model.info, asked);
      if (asked.filter(factory => there.has(factory) && !factory.watched).length < 2) return undefined;
      // Those that are not there get their report at no cost.
      const tested = asked.filter(factory => !there.has(factory) || !factory.watched);
      try {
        const options = { ...(await optionsFor(model, recipe, tested)), firstRight: true };
        const reports = await testEngines(options, signal);
        return await choices.keep(model.info.id, reports);
      } catch {
        // What keeps the CPU's engine from running is told when it is opened.
        signal.throwIfAborted();
        return undefined;
      }
    },
    async ofAll(model, recipe, signal, running, exclusively) {
      const asked = factories.map(factory => within(factory, model, recipe));
      const options = { ...(await optionsFor(model, recipe, asked)), running, exclusively };
      return choices.keep(model.info.id, await testEngines(options, signal));
    },
    covers: ({ reports }) => factories.every(({ id }) => reports.some(({ engine }) => engine === id)),
    async anyWatched(info) {
      return [...(await available(info))].some(({ watched }) => watched);
    },
  };
}
