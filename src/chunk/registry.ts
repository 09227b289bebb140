import { VecdropError } from '../domain/errors.ts';
import { auto } from './strategies/auto.ts';
import { code } from './strategies/code.ts';
import { markdown } from './strategies/markdown.ts';
import { recursive } from './strategies/recursive.ts';
import { row } from './strategies/row.ts';
import { semantic } from './strategies/semantic.ts';
import { sentence } from './strategies/sentence.ts';
import { whole } from './strategies/whole.ts';
import type { Strategy } from './strategy.ts';

/** Every strategy; a new one is one line here. The first is the default. */
export const strategies: readonly Strategy[] = [
  recursive,
  auto,
  markdown,
  code,
  sentence,
  semantic,
  row,
  whole,
];

/** The strategy of an id. Throws 'input/invalid' where there is none. */
export function strategyOf(id: string): Strategy {
  const strategy = strategies.find(candidate => candidate.id === id);
  if (!strategy)
    throw new VecdropError('input/invalid', `There is no chunking strategy “${id}”. Choose another one.`);
  return strategy;
}
