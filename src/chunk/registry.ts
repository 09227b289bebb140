import type { StrategyName } from '../domain/recipe.ts';
import { recursive } from './strategies/recursive.ts';
import { whole } from './strategies/whole.ts';
import type { Strategy } from './strategy.ts';

/** Every strategy; a new one is one line here. The first is the default. */
export const strategies: Record<StrategyName, Strategy> = { recursive, whole };
