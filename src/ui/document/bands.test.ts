import { describe, expect, it } from 'vitest';
import { toColumns } from '../../domain/chunk.ts';
import { bandOf, chunkNear, stretchesOf } from './bands.ts';

function columns(...spans: [number, number][]) {
  const chunks = spans.map(([start, end], ordinal) => ({
    ordinal,
    start,
    end,
    tokens: 1,
    unknown: 0,
    headings: [],
    context: '',
  }));
  return toColumns(chunks, new Uint8Array(16 * chunks.length));
}

describe('bands', () => {
  const overlapping = columns([0, 10], [7, 20], [20, 30]);

  it('draw every stretch once and mark what two chunks share', () => {
    expect(bandOf(overlapping, 0)).toEqual({ start: 0, end: 10, sharedFrom: 7 });
    expect(bandOf(overlapping, 1)).toEqual({ start: 10, end: 20, sharedFrom: 20 });
    expect(bandOf(overlapping, 2)).toEqual({ start: 20, end: 30, sharedFrom: 30 });
  });

  it('are empty for a chunk inside the one before', () => {
    expect(bandOf(columns([0, 10], [5, 10]), 1)).toEqual({ start: 10, end: 10, sharedFrom: 10 });
  });

  it('are cut at blocks, in and out of the shared part', () => {
    const stretches = stretchesOf({ start: 5, end: 20, sharedFrom: 12 }, [
      { start: 0, end: 4, kind: 'paragraph' },
      { start: 6, end: 9, kind: 'heading', level: 1 },
      { start: 10, end: 40, kind: 'code' },
    ]);
    expect(stretches).toEqual([
      { start: 5, end: 6, shared: false },
      { start: 6, end: 9, shared: false, kind: 'heading' },
      { start: 9, end: 10, shared: false },
      { start: 10, end: 12, shared: false, kind: 'code' },
      { start: 12, end: 20, shared: true, kind: 'code' },
    ]);
  });
});

it('chunkNear finds the last chunk that begins at or before an offset', () => {
  const found = [0, 7, 19, 20, 99].map(offset => chunkNear(columns([0, 10], [7, 20], [20, 30]), offset));
  expect(found).toEqual([0, 1, 1, 2, 2]);
});
