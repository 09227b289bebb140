import { expect, it } from 'vitest';
import { callLine } from './lines.ts';

it('a call is one line of figures, with its texts below as JSON', () => {
  const call = {
    at: Date.UTC(2026, 0, 2, 3, 4, 5, 6),
    modelId: 'm',
    engine: 'wllama, CPU, F32',
    texts: 2,
    tokens: 300,
    ms: 150,
    prompts: ['a boat', 'two\nlines'],
  };
  expect(callLine(call, 'all-MiniLM-L6-v2').split('\n')).toEqual([
    '2026-01-02T03:04:05.006Z engine="wllama, CPU, F32" model="all-MiniLM-L6-v2" texts=2 tokens=300 ms=150 tokens/s=2000',
    '  prompt "a boat"',
    '  prompt "two\\nlines"',
  ]);
});
