import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { makeTinyGguf } from '../scripts/make-tiny-gguf.ts';
import { expect, makeTexts, test, writeFiles } from './fixtures.ts';
import { runScript } from './run-script.ts';

/** Where the command puts what it keeps for a while: of its own, for others run at the same time. */
const temporary = (folder: string) => join(folder, 'temporary');

/** Runs `npm run embed -- …` in a folder, as a person would. */
function embed(folder: string, ...args: string[]): Promise<{ status: number | null; lines: string[] }> {
  return new Promise(resolve => {
    const child = runScript('embed.ts', args, {
      cwd: folder,
      env: { ...process.env, npm_lifecycle_event: undefined, TMPDIR: temporary(folder) },
    });
    child.stdout.resume();
    let text = '';
    child.stderr.on('data', chunk => {
      text += chunk;
    });
    child.on('close', status => resolve({ status, lines: text.trim().split('\n') }));
  });
}

interface VectorRecord {
  file: string;
  embedding: number[];
  tokens: number;
}

test.beforeEach(({ folder }) => {
  mkdirSync(temporary(folder));
  writeFileSync(join(folder, 'tiny.gguf'), makeTinyGguf());
});

test('a folder and a file, one that cannot be read: the rest is written, the status is 1', async ({
  folder,
}) => {
  await writeFiles(join(folder, 'notes'), { ...makeTexts(4), 'deep/nul.txt': new Uint8Array(500) });
  await writeFiles(folder, { 'one.md': '# One\n\nMore.' });
  const args = [
    'notes',
    'one.md',
    '--out',
    'v.json',
    '--model',
    'tiny.gguf',
    '--chunk-size',
    '32',
    '--overlap',
    '0',
  ];
  const { status, lines } = await embed(folder, ...args);
  expect(status).toBe(1);
  expect(lines.filter(line => line.startsWith('Failed: '))).toHaveLength(1);
  expect(lines.find(line => line.startsWith('Failed: '))).toContain('notes/deep/nul.txt');
  const written = JSON.parse(readFileSync(join(folder, 'v.json'), 'utf8'));
  const data = written.data as VectorRecord[];
  const texts = Object.keys(makeTexts(4)).map(name => `notes/${name}`);
  expect(new Set(data.map(({ file }) => file))).toEqual(new Set(['one.md', ...texts]));
  expect(Math.max(...data.map(({ tokens }) => tokens))).toBeLessThanOrEqual(32);
  expect(data.every(({ embedding }) => embedding.length === 32)).toBe(true);
  expect(written.recipe).toMatchObject({ strategy: 'recursive', chunkSize: 32, overlap: 0 });
  expect(readdirSync(temporary(folder)).filter(name => name.startsWith('vecdrop-embed-'))).toEqual([]);
});

test('whole files as lines of JSON, all well: the status is 0', async ({ folder }) => {
  await writeFiles(join(folder, 'notes'), makeTexts(3));
  const { status } = await embed(
    folder,
    'notes',
    '--out',
    'v.jsonl',
    '--model',
    'tiny.gguf',
    '--strategy',
    'whole',
    '--engine',
    'wllama-cpu',
  );
  expect(status).toBe(0);
  const lines = readFileSync(join(folder, 'v.jsonl'), 'utf8').trim().split('\n');
  expect(lines.map(line => (JSON.parse(line) as VectorRecord).file).sort()).toEqual(
    Object.keys(makeTexts(3)).map(name => `notes/${name}`),
  );
});

test('a model by its address, and one behind an endpoint', async ({ folder }) => {
  await writeFiles(folder, { 'a.txt': 'The keeper counts the boats.' });
  const host = createServer(async (request, response) => {
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Access-Control-Allow-Headers', '*');
    if (request.method === 'OPTIONS') return response.end();
    if (request.url === '/tiny.gguf') return response.end(makeTinyGguf());
    const { input } = JSON.parse(await textOf(request)) as { input: string | string[] };
    const data = [input]
      .flat()
      .map((text, index) => ({ index, embedding: [text.length, 1, 2, 3], object: 'embedding' }));
    response.end(JSON.stringify({ object: 'list', data, usage: { prompt_tokens: 1, total_tokens: 1 } }));
  });
  await new Promise<void>(resolve => host.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(host.address() as AddressInfo).port}`;
  const [local, far] = await Promise.all([
    embed(folder, 'a.txt', '--out', 'v.json', '--model', `${origin}/tiny.gguf`),
    embed(folder, 'a.txt', '--out', 'w.json', '--endpoint', `${origin}/v1`, '--model', 'm'),
  ]);
  await new Promise(resolve => host.close(resolve));
  expect([local, far]).toMatchObject([{ status: 0 }, { status: 0 }]);
  const [v, w] = ['v.json', 'w.json'].map(name => JSON.parse(readFileSync(join(folder, name), 'utf8')));
  expect(v.data[0].embedding).toHaveLength(32);
  const length = Math.hypot(28, 1, 2, 3);
  expect(w.data[0].embedding[0]).toBeCloseTo(28 / length, 6);
  expect(w.recipe.modelId).toMatch(/^remote:/);
});

test('a model that is none is said in a line, and nothing is written', async ({ folder }) => {
  await writeFiles(folder, { 'a.txt': 'hello', 'bad.gguf': 'GGUF? no' });
  const { status, lines } = await embed(folder, 'a.txt', '--out', 'v.json', '--model', 'bad.gguf');
  expect(status).toBe(1);
  expect(lines).toHaveLength(1);
  expect(readdirSync(folder)).not.toContain('v.json');
});

test('arguments that cannot be obeyed have the status 2', async ({ folder }) => {
  const { status, lines } = await embed(folder, 'nothing.txt', '--out', 'v.json');
  expect(status).toBe(2);
  expect(lines[0]).toBe('nothing.txt: there is no such file or folder.');
});
