import type { EngineChoice, EngineId } from '../domain/engine.ts';
import type { Recipe } from '../domain/recipe.ts';
import { REFERENCE } from '../embed/choose.ts';
import type { EngineFactory, Machine } from '../embed/engine-factory.ts';
import { memoryBudget, poolSize } from '../embed/pool-size.ts';
import type { Settings } from './api.ts';
import type { OpenModel } from './models.ts';

/** How a model's engine is to be opened. */
export interface EnginePlan {
  engine: EngineId;
  /** As many as cores, memory and the person allow. */
  instances: number;
  instanceBytes: number;
  /** What all engines may hold together. */
  budgetBytes: number;
  threads: number;
  /** Tokens a text at the most. */
  contextLength: number;
  /** The engine cuts texts into tokens itself: ours are an estimate. */
  asText: boolean;
  /** Engines of equal settings need not be opened anew; a longer context excepted. */
  settings: string;
  /** What serves when the engine fails. */
  fallback?: EnginePlan | undefined;
}

export interface PlanOptions {
  model: OpenModel;
  recipe: Recipe;
  /** The longest text at hand. */
  tokens: number;
  settings: Settings;
  machine: Machine;
  choice: EngineChoice | undefined;
  factories: readonly EngineFactory[];
}

/**
 * Engines are opened for texts of so many tokens, and for longer ones when they come: the work space grows with the
 * square of the length, and that of a whole context of 32,768 fits no browser.
 */
const USUAL_CONTEXT = 1024;

/** Engines of one key differ in nothing that a vector depends on. */
export function planKey({ modelId, pooling, normalize }: Recipe): string {
  return JSON.stringify([modelId, pooling, normalize]);
}

/** The engine for a recipe as everything is set now. */
export async function planEngine(options: PlanOptions): Promise<EnginePlan> {
  const { model, choice, factories } = options;
  if (model.info.remote) return remotePlan(options);
  const reference = await planWith(factoryOf(factories, REFERENCE), options);
  const taken = factories.find(({ id }) => id === choice?.taken);
  if (!taken || taken.id === REFERENCE) return reference;
  const plan = await planWith(taken, options);
  // One instance of the trusted engine runs beside an engine that is watched.
  const beside = taken.watched ? reference.instanceBytes : 0;
  return { ...plan, instanceBytes: plan.instanceBytes + beside, fallback: reference };
}

async function planWith(factory: EngineFactory, options: PlanOptions): Promise<EnginePlan> {
  const { model, settings, machine } = options;
  const { tokenizer } = model;
  const threads = machine.isolated ? Math.max(1, settings.threads ?? 1) : 1;
  const budgetBytes = settings.memoryMB ? settings.memoryMB * 2 ** 20 : memoryBudget(machine);
  const instanceBytes = await instanceBytesOf(factory, model);
  const byMachine = poolSize(Math.floor(machine.cores / threads), budgetBytes, instanceBytes);
  const fit = Math.max(1, Math.floor(budgetBytes / instanceBytes));
  return {
    engine: factory.id,
    instances: factory.watched ? 1 : Math.min(settings.instances ?? byMachine, fit),
    instanceBytes,
    budgetBytes,
    threads,
    contextLength: contextFor(options),
    asText: tokenizer.kind === 'byte-bpe' && !tokenizer.exact,
    settings: settingsKey(factory.id, threads, settings),
  };
}

function remotePlan({ model, settings }: PlanOptions): EnginePlan {
  return {
    engine: 'remote',
    instances: 1,
    instanceBytes: 0,
    budgetBytes: 0,
    threads: 1,
    contextLength: model.info.contextLength,
    asText: true,
    settings: settingsKey('remote', 1, settings),
  };
}

function settingsKey(
  engine: EngineId,
  threads: number,
  { instances, memoryMB, contextSize }: Settings,
): string {
  return engine === 'remote' ? engine : JSON.stringify([engine, threads, instances, memoryMB, contextSize]);
}

function contextFor({ model: { info }, recipe, tokens, settings }: PlanOptions): number {
  const most = Math.min(info.contextLength, settings.contextSize ?? info.contextLength);
  const needed = Math.max(USUAL_CONTEXT, recipe.chunkSize, tokens);
  return Math.min(most, 2 ** Math.ceil(Math.log2(needed)));
}

const knownBytes = new WeakMap<OpenModel, Map<EngineId, Promise<number>>>();

/** Read from the model's file once, for it is asked at every call. */
function instanceBytesOf(factory: EngineFactory, model: OpenModel): Promise<number> {
  const known = knownBytes.get(model) ?? new Map<EngineId, Promise<number>>();
  knownBytes.set(model, known);
  const bytes = known.get(factory.id) ?? factory.instanceBytes(model.info, model.gguf);
  known.set(factory.id, bytes);
  bytes.catch(() => known.delete(factory.id));
  return bytes;
}

/** What is known of a loaded engine when room is made. */
export interface Loaded {
  plan: Pick<EnginePlan, 'instances' | 'instanceBytes'>;
  bytes: number;
  users: number;
  /** Higher is later. */
  usedAt: number;
}

/**
 * How a plan finds room beside the engines that are loaded: those that nobody uses now are brought down to one
 * instance, then closed, the least recent first; what is still too much, the plan does with fewer instances.
 */
export function roomFor<L extends Loaded>(
  plan: Pick<EnginePlan, 'instances' | 'instanceBytes' | 'budgetBytes'>,
  loaded: readonly L[],
): { instances: number; shrink: L[]; close: L[] } {
  const { instanceBytes, budgetBytes } = plan;
  const idle = loaded.filter(({ users }) => users === 0).toSorted((a, b) => a.usedAt - b.usedAt);
  let used = loaded.reduce((sum, { bytes }) => sum + bytes, 0);
  const fits = (instances: number) => used + instances * instanceBytes <= budgetBytes;
  const shrink: L[] = [];
  const close: L[] = [];
  for (const entry of idle) {
    if (fits(plan.instances)) break;
    if (entry.plan.instances <= 1) continue;
    shrink.push(entry);
    used -= entry.bytes - entry.plan.instanceBytes;
  }
  for (const entry of idle) {
    if (fits(1)) break;
    close.push(entry);
    used -= shrink.includes(entry) ? entry.plan.instanceBytes : entry.bytes;
  }
  let instances = plan.instances;
  while (instances > 1 && !fits(instances)) instances -= 1;
  return { instances, shrink: shrink.filter(entry => !close.includes(entry)), close };
}

function factoryOf(factories: readonly EngineFactory[], id: EngineId): EngineFactory {
  const factory = factories.find(candidate => candidate.id === id);
  if (!factory) throw new Error(`There is no engine “${id}”.`);
  return factory;
}
