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
  /** What an instance holds by itself, and what all of them have in common. */
  instanceBytes: number;
  sharedBytes: number;
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
  if (holds(plan, 1) > plan.budgetBytes) return reference;
  // One instance of the trusted engine runs beside an engine that is watched.
  const beside = taken.watched ? reference.instanceBytes : 0;
  return { ...plan, instanceBytes: plan.instanceBytes + beside, fallback: reference };
}

/** Bytes that so many instances hold. */
export function holds(
  { sharedBytes, instanceBytes }: Pick<EnginePlan, 'sharedBytes' | 'instanceBytes'>,
  instances: number,
): number {
  return sharedBytes + instances * instanceBytes;
}

/** Bytes that engines and the search may hold together. */
export function budgetFor({ memoryMB }: Settings, machine: Machine): number {
  return memoryMB ? memoryMB * 2 ** 20 : memoryBudget(machine);
}

/** The same for one engine, whether it fits the memory or not: `instances` is 1 at the least. */
export async function planWith(
  factory: EngineFactory,
  options: Omit<PlanOptions, 'choice' | 'factories'>,
): Promise<EnginePlan> {
  const { model, settings, machine } = options;
  const { tokenizer } = model;
  const threads = machine.isolated ? Math.max(1, settings.threads ?? 1) : 1;
  const budgetBytes = budgetFor(settings, machine);
  const contextLength = contextFor(options);
  const known = await bytesOf(factory, model, contextLength);
  const sharedBytes = machine.isolated ? known.shared : 0;
  const instanceBytes = known.all - sharedBytes;
  const room = budgetBytes - sharedBytes;
  const byMachine = poolSize(Math.floor(machine.cores / threads), room, instanceBytes);
  const fit = Math.max(1, Math.floor(room / instanceBytes));
  return {
    engine: factory.id,
    instances: factory.watched ? 1 : Math.min(settings.instances ?? byMachine, fit),
    instanceBytes,
    sharedBytes,
    budgetBytes,
    threads,
    contextLength,
    asText: tokenizer.kind === 'byte-bpe' && !tokenizer.exact,
    settings: settingsKey(factory.id, threads, settings),
  };
}

function remotePlan({ model, settings }: PlanOptions): EnginePlan {
  return {
    engine: 'remote',
    instances: 1,
    instanceBytes: 0,
    sharedBytes: 0,
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

function contextFor({
  model: { info },
  recipe,
  tokens,
  settings,
}: Pick<PlanOptions, 'model' | 'recipe' | 'tokens' | 'settings'>): number {
  const most = Math.min(info.contextLength, settings.contextSize ?? info.contextLength);
  const needed = Math.max(USUAL_CONTEXT, recipe.chunkSize, tokens);
  return Math.min(most, 2 ** Math.ceil(Math.log2(needed)));
}

interface KnownBytes {
  all: number;
  shared: number;
}

const knownBytes = new WeakMap<OpenModel, Map<string, Promise<KnownBytes>>>();

/** Of one instance. Read from the model's file once, for it is asked at every call. */
function bytesOf(factory: EngineFactory, model: OpenModel, contextLength: number): Promise<KnownBytes> {
  const known = knownBytes.get(model) ?? new Map<string, Promise<KnownBytes>>();
  knownBytes.set(model, known);
  const key = `${factory.id} ${contextLength}`;
  const bytes = known.get(key) ?? readBytesOf(factory, { ...model.info, contextLength }, model.gguf);
  known.set(key, bytes);
  bytes.catch(() => known.delete(key));
  return bytes;
}

async function readBytesOf(
  factory: EngineFactory,
  info: OpenModel['info'],
  gguf: OpenModel['gguf'],
): Promise<KnownBytes> {
  const all = await factory.instanceBytes(info, gguf);
  return { all, shared: (await factory.sharedBytes?.(info, gguf)) ?? 0 };
}

/** What is known of a loaded engine when room is made. */
export interface Loaded {
  plan: Pick<EnginePlan, 'instances' | 'instanceBytes' | 'sharedBytes'>;
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
  plan: Pick<EnginePlan, 'instances' | 'instanceBytes' | 'sharedBytes' | 'budgetBytes'>,
  loaded: readonly L[],
): { instances: number; shrink: L[]; close: L[] } {
  const idle = loaded.filter(({ users }) => users === 0).toSorted((a, b) => a.usedAt - b.usedAt);
  let used = loaded.reduce((sum, { bytes }) => sum + bytes, 0);
  const fits = (instances: number) => used + holds(plan, instances) <= plan.budgetBytes;
  const shrink: L[] = [];
  const close: L[] = [];
  for (const entry of idle) {
    if (fits(plan.instances)) break;
    if (entry.plan.instances <= 1) continue;
    shrink.push(entry);
    used -= entry.bytes - holds(entry.plan, 1);
  }
  for (const entry of idle) {
    if (fits(1)) break;
    close.push(entry);
    used -= shrink.includes(entry) ? holds(entry.plan, 1) : entry.bytes;
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
