import { expect, test } from 'vitest';
import { belongsTo, connectSources, isLoopback } from './hosts.ts';

test('Hugging Face comes with the hosts that hold its files, others alone', () => {
  expect(connectSources(['https://huggingface.co', 'https://a.test'])).toEqual([
    'https://huggingface.co',
    'https://*.huggingface.co',
    'https://*.hf.co',
    'https://a.test',
  ]);
});

test.each([
  ['https://huggingface.co/a/b', true],
  ['https://cdn-lfs-us-1.hf.co/x', true],
  ['https://cas-bridge.xethub.hf.co/x', true],
  ['https://cdn-lfs.huggingface.co/x', true],
  ['http://cdn-lfs.hf.co/x', false],
  ['https://nothf.co/x', false],
  ['https://hf.co.test/x', false],
  ['https://huggingface.co.test/x', false],
])('%s may answer for Hugging Face: %s', (address, may) => {
  expect(belongsTo(address, 'https://huggingface.co')).toBe(may);
});

test.each([
  ['localhost', true],
  ['api.localhost', true],
  ['127.0.0.1', true],
  ['127.3.2.1', true],
  ['[::1]', true],
  ['192.168.0.1', false],
  ['127.example.test', false],
  ['localhost.test', false],
])('%s is this computer: %s', (name, is) => expect(isLoopback(name)).toBe(is));
