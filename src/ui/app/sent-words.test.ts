import { expect, it } from 'vitest';
import { sentWords } from './sent-words.ts';

const host = (origin: string, sentBytes: number) => ({
  origin,
  sentBytes,
  receivedBytes: 1e6,
  needsReload: false,
});

it('the ledger names whom bytes went to, and counts hosts that got any', () => {
  expect(sentWords([])).toBe('0 bytes sent');
  expect(sentWords([host('https://huggingface.co', 0)])).toBe('0 bytes sent');
  expect(sentWords([host('https://huggingface.co', 0), host('https://example.org', 1240)])).toBe(
    '1.2 kB sent to example.org',
  );
  expect(sentWords([host('http://127.0.0.1:8080', 1000), host('https://example.org', 240)])).toBe(
    '1.2 kB sent to 2 hosts',
  );
});
