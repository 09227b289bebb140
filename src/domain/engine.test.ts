import { expect, it } from 'vitest';
import { type EngineChoice, testedSpeed } from './engine.ts';

it('the speed of a choice is that of the engine taken, not of the fastest', () => {
  const choice: EngineChoice = {
    taken: 'wllama-cpu',
    overruled: true,
    reports: [
      { engine: 'kernel', name: 'Own', outcome: 'right', tokensPerSecond: 900 },
      { engine: 'wllama-cpu', name: 'CPU', outcome: 'right', tokensPerSecond: 300 },
    ],
  };
  expect(testedSpeed(choice)).toBe(300);
  expect(testedSpeed({ ...choice, taken: 'remote' })).toBeUndefined();
  expect(testedSpeed(undefined)).toBeUndefined();
});
