import { expect, it } from 'vitest';
import { movedInside } from './label-layout.ts';

const size = { width: 400, height: 300 };
const label = (x: number, y: number) => ({ x, y, width: 120, height: 18 });

it('a label of what is on screen can be read whole', () => {
  expect(movedInside(label(200, 150), { x: 200, y: 150 }, size)).toEqual(label(200, 150));
  expect(movedInside(label(390, 310), { x: 390, y: 295 }, size)).toEqual(label(340, 291));
  expect(movedInside(label(5, 2), { x: 5, y: 2 }, size)).toEqual(label(60, 9));
});

it('what has left the screen takes its label along', () => {
  expect(movedInside(label(405, 150), { x: 405, y: 150 }, size)).toEqual(label(405, 150));
});

it('a label that is wider than the map stays where it is', () => {
  const wide = { ...label(200, 150), width: 500 };
  expect(movedInside(wide, { x: 200, y: 150 }, size)).toEqual(wide);
});
