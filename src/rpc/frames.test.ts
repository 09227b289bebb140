import { expect, test } from 'vitest';
import { decodeFrame, encodeFrame } from './frames.ts';

test('a head and a body come out as they went in', () => {
  const body = Uint8Array.from({ length: 256 }, (_, i) => i).buffer;
  const head = {
    type: 'response',
    id: 7,
    status: 200,
    headers: [['x', 'Zürich 🗼']] as [string, string][],
  } as const;
  expect(decodeFrame(encodeFrame(head, body))).toEqual({ head, body });
  expect(decodeFrame(encodeFrame({ type: 'ping' })).body.byteLength).toBe(0);
});

test('what is no frame throws', () => {
  const whole = encodeFrame({ type: 'ping' });
  const bad = [
    new ArrayBuffer(0),
    new ArrayBuffer(4),
    whole.slice(0, -1),
    new Uint8Array([1, 0, 0, 0, 49]).buffer,
  ];
  for (const frame of bad) expect(() => decodeFrame(frame)).toThrow();
});
