import { expect, it, vi } from 'vitest';
import { createTextSource } from './text-source.ts';

const text = Array.from({ length: 50_000 }, (_, i) => String.fromCharCode(97 + (i % 26))).join('');

it('gives exact spans across pieces and asks for each piece once', async () => {
  const fetchSpan = vi.fn(async (start: number, end: number) => text.slice(start, end));
  const source = createTextSource(fetchSpan, text.length);
  expect(source.peek(10, 20)).toBeUndefined();
  expect(await source.read(16_000, 40_000)).toBe(text.slice(16_000, 40_000));
  expect(source.peek(20_000, 30_000)).toBe(text.slice(20_000, 30_000));
  expect(await source.read(49_990, 50_000)).toBe(text.slice(49_990));
  await source.read(0, 50_000);
  expect(fetchSpan).toHaveBeenCalledTimes(4);
});

it('asks again for what failed', async () => {
  let fails = true;
  const source = createTextSource(async (start, end) => {
    if (fails) throw new Error('no');
    return text.slice(start, end);
  }, text.length);
  await expect(source.read(0, 5)).rejects.toThrow('no');
  fails = false;
  expect(await source.read(0, 5)).toBe('abcde');
});
