import { expect, test } from 'vitest';
import { memoryBudget, poolSize } from './pool-size.ts';

const MB = 2 ** 20;

test.each([
  ['one a core on a small machine', { cores: 2, memoryGB: 8 }, 90 * MB, 2],
  ['two cores left free on a large one', { cores: 8, memoryGB: 8 }, 90 * MB, 6],
  ['never more than eight', { cores: 64, memoryGB: 64 }, 90 * MB, 8],
  ['a quarter of the memory', { cores: 8, memoryGB: 1 }, 90 * MB, 2],
  ['1.5 GB at the most', { cores: 16, memoryGB: 64 }, 500 * MB, 3],
  ['memory unknown', { cores: 4, memoryGB: undefined }, 90 * MB, 4],
  ['one at least', { cores: 4, memoryGB: 0.25 }, 500 * MB, 1],
  ['cores unknown', { cores: Number.NaN, memoryGB: 8 }, 90 * MB, 1],
])('%s', (_, machine, weights, size) => {
  expect(poolSize(machine.cores, memoryBudget(machine), weights)).toBe(size);
});
