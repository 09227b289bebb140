import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { example } from './examples.ts';

const target = { base: 'http://127.0.0.1:8080/v1', model: `o'neill "notes" $(date)` };

test('a shell reads the curl line as it is meant, whatever the model is called', () => {
  const line = example('curl', target).replace(/^curl/, 'printf "%s\\n"');
  const [address, , , , ...body] = execFileSync('sh', ['-c', line], { encoding: 'utf8' }).split('\n');
  expect(address).toBe('http://127.0.0.1:8080/v1/embeddings');
  expect(JSON.parse(body.join('\n'))).toEqual({ model: target.model, input: expect.any(Array) });
});

test('the plain fetch of the page sends what the API reads', async () => {
  let sent: [string, RequestInit] | undefined;
  const answer = { data: [{ embedding: [1] }], usage: { total_tokens: 1 } };
  const run = new Function('fetch', 'console', `return (async () => {${example('fetch', target)}})()`);
  const fetched = async (url: string, init: RequestInit) => {
    sent = [url, init];
    return Response.json(answer);
  };
  await run(fetched, { log: () => {} });
  expect(sent?.[0]).toBe('http://127.0.0.1:8080/v1/embeddings');
  expect(JSON.parse(String(sent?.[1].body))).toEqual({ model: target.model, input: expect.any(Array) });
});
