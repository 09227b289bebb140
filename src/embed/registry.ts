import type { EngineFactory } from './engine-factory.ts';
import { kernel } from './kernel/factory.ts';
import { wllamaCpu } from './wllama/cpu.ts';
import { wllamaWebGpu } from './wllama/webgpu.ts';

/** Every engine that runs a model's file on this machine. The CPU's is the one that the others are measured against. */
export const engineFactories: readonly EngineFactory[] = [kernel, wllamaWebGpu, wllamaCpu];
