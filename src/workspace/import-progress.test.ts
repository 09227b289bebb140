import { expect, it } from 'vitest';
import { pacedProgress } from './import-progress.ts';
import type { ImportProgress } from './imports-api.ts';

/** What is told of an import that tells of its share every 20 ms, by a clock that it moves. */
function toldOf(shares: readonly number[]): ImportProgress[] {
  const told: ImportProgress[] = [];
  let now = 0;
  const progress = pacedProgress(
    said => told.push(said),
    () => now,
  );
  for (const share of shares) {
    progress({ done: 1, total: 0, share });
    now += 20;
  }
  return told;
}

it('ten words a second, and how long it will take by the speed so far', () => {
  const told = toldOf(Array.from({ length: 251 }, (_, i) => i / 1000));
  expect(told).toHaveLength(51);
  expect(told[1]).not.toHaveProperty('secondsLeft');
  // A twentieth a second.
  expect(told.at(-1)?.secondsLeft).toBeCloseTo(15, 0);
});

it('never goes back', () => {
  const told = toldOf(Array.from({ length: 100 }, (_, i) => (i % 50) / 100));
  for (const [i, { share }] of told.entries()) expect(share).toBeGreaterThanOrEqual(told[i - 1]?.share ?? 0);
});
