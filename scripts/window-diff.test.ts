import { expect, it } from 'vitest';
import { windowDiff } from './window-diff.ts';

const cuts = (...at: number[]) => Array.from({ length: 24 }, (_, i) => at.includes(i));

it('is 0 for the same cuts, less for near ones than for far ones, and more for too many', () => {
  const authored = cuts(8, 16);
  expect(windowDiff(authored, cuts(8, 16))).toBe(0);
  const near = windowDiff(authored, cuts(9, 16));
  expect(near).toBeGreaterThan(0);
  expect(near).toBeLessThan(windowDiff(authored, cuts(12, 20)));
  expect(windowDiff(authored, cuts())).toBeGreaterThan(near);
  expect(windowDiff(authored, cuts(...Array.from({ length: 24 }, (_, i) => i)))).toBe(1);
});
