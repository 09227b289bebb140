import { expect, it } from 'vitest';
import type { ModelEntry } from '../../workspace/models-api.ts';
import { dimensionWords, downloadWords, nameList, summary, visible } from './words.ts';

const entry = (info: object, source: ModelEntry['source'] = 'kept') =>
  ({ info: { dimensions: 768, quantization: 'Q8_0', bytes: 146e6, ...info }, source, usedBy: [] }) as never;

it('white space that is easily missed is shown, that between words is not', () => {
  expect(visible('query: ')).toBe('query:␣');
  expect(visible(' two  spaces, ')).toBe('␣two␣␣spaces,␣');
  expect(visible('Instruct: find passages\nQuery: ')).toBe('Instruct: find passages⏎Query:␣');
});

it('a list of names stays short', () => {
  expect(nameList(['Notes'])).toBe('Notes');
  expect(nameList(['Notes', 'Letters'])).toBe('Notes and Letters');
  expect(nameList(['Notes', 'Letters', 'a', 'b'])).toBe('Notes, Letters and 2 more');
});

it('a model is told in a line, and one elsewhere by its host', () => {
  expect(summary(entry({ family: 'Nomic' }))).toBe('Nomic · 768 dims · Q8_0 · 146 MB');
  expect(summary(entry({ remote: { baseUrl: 'https://api.example.org/v1' } }, 'remote'))).toBe(
    '768 dims · api.example.org',
  );
});

it('lengths are listed only where a model was trained for several', () => {
  const info = { dimensions: 768 } as ModelEntry['info'];
  expect(dimensionWords(info)).toBe('768');
  expect(dimensionWords({ ...info, matryoshka: [768, 256, 128] })).toBe('768, or cut to 256, 128');
});

it('a download tells how far it is, and how fast only while it runs', () => {
  const download = {
    id: 'a',
    name: 'a.gguf',
    source: { url: 'https://models.example/a.gguf' },
    state: 'running' as const,
    receivedBytes: 12e6,
    totalBytes: 25e6,
    bytesPerSecond: 3.1e6,
    secondsLeft: 4.2,
  };
  expect(downloadWords(download)).toBe('12 MB of 25 MB · 3.1 MB/s · 4 s left');
  expect(downloadWords({ ...download, state: 'waiting' })).toBe('12 MB of 25 MB');
  expect(downloadWords({ ...download, state: 'checking' })).toBe('12 MB received, checking');
});
