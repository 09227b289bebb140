import { expect, it } from 'vitest';
import { downloadName, endingOf, shortenRecord } from './record.ts';

it('a long vector is cut short and its rest is counted', () => {
  const record = JSON.stringify({
    embedding: Array.from({ length: 384 }, (_, i) => i / 8),
    text: 'a [1, 2] b',
    index: 0,
  });
  expect(shortenRecord(record)).toBe(
    '{"embedding":[0, 0.125, 0.25, 0.375, … 380 more],"text":"a [1, 2] b","index":0}',
  );
});

it('file names are safe everywhere', () => {
  expect(downloadName('Harbour papers', 'json')).toBe('Harbour papers.json');
  expect(downloadName('a/b: "c"?', 'jsonl')).toBe('a b c.jsonl');
  expect(downloadName('..', 'json')).toBe('vectors.json');
});

it('files that hold different things have different names', () => {
  const formats = [
    { id: 'jsonl', extension: 'jsonl' },
    { id: 'qdrant', extension: 'jsonl' },
    { id: 'numpy', extension: 'zip' },
    { id: 'archive', extension: 'zip' },
    { id: 'markdown', extension: 'md' },
  ];
  expect(formats.map(format => endingOf(format, formats))).toEqual([
    'jsonl',
    'qdrant.jsonl',
    'numpy.zip',
    'archive.zip',
    'md',
  ]);
});
