import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readArguments } from './arguments.ts';
import { gatherInputs } from './inputs.ts';
import { progressLine, progressTo } from './progress.ts';

let folder: string;
const at = (...parts: string[]) => join(folder, ...parts);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vecdrop-embed-'));
  for (const name of ['docs/deep', 'docs/.git', 'other/docs']) await mkdir(at(name), { recursive: true });
  for (const name of [
    'docs/b.md',
    'docs/deep/a.txt',
    'docs/.hidden',
    'docs/.git/config',
    'other/docs/b.md',
    'one.txt',
  ]) {
    await writeFile(at(name), name);
  }
  await symlink(at('one.txt'), at('docs/link.txt'));
});
afterAll(() => rm(folder, { recursive: true }));

test('arguments are read, with absolute paths', () => {
  const given = ['--chunk-size', '128', '--overlap', '0', '--strategy', 'whole', '--out', at('v.jsonl')];
  expect(readArguments([at('docs'), ...given])).toEqual({
    inputs: [at('docs')],
    out: [
      {
        format: 'jsonl',
        precision: 'float32',
        files: [{ path: at('v.jsonl'), extension: 'jsonl' }],
      },
    ],
    model: undefined,
    strategy: 'whole',
    chunkSize: 128,
    overlap: 0,
  });
  expect(readArguments(['--help'])).toBe('help');
});

test.each([
  [[], 'at least one file'],
  [['docs'], '--out'],
  [['docs', '--out', 'v.xyz'], 'must end in .json or .jsonl'],
  [['docs', '--out', 'v.json', '--format', 'punch-cards'], 'there are json, jsonl'],
  [['docs', '--out', 'v.json', '--format', 'jsonl'], 'JSON Lines ends in .jsonl'],
  [['docs', '--out', 'v.npy', '--out', 'v.jsonl'], 'two of the files would be'],
  [['docs', '--out', 'v.json', '--precision', 'float8'], 'JSON has float32, float16, int8'],
  [['docs', '--out', 'missing/v.json'], 'its folder is not there'],
  [['docs', '--out', 'other/docs.json/'], 'must end in .json or .jsonl'],
  [['nothing.txt', '--out', 'v.json'], 'nothing.txt: there is no such file or folder.'],
  [['docs', '--out', 'v.json', '--model', 'docs'], 'not a file'],
  [['docs', '--out', 'v.json', '--strategy', 'best'], 'recursive, auto, markdown'],
  [['docs', '--out', 'v.json', '--chunk-size', '12.5'], 'whole number'],
  [['docs', '--out', 'v.json', '--chunk-size', '0'], '8 or more'],
  [['docs', '--out', 'v.json', '--chunk-size', '20', '--overlap', '11'], 'half the chunk size'],
  [['docs', '--out', 'v.json', '--overlap', 'x'], 'whole number'],
  [['docs', '--out', 'v.json', '--colour'], "Unknown option '--colour'."],
  [['docs', '--out'], '--out'],
] as [string[], string][])('%j is refused in one line', (argv, words) => {
  const before = process.cwd();
  process.chdir(folder);
  try {
    expect(() => readArguments(argv)).toThrow(words);
    expect(() => readArguments(argv)).toThrow(/^[^\n]+$/);
  } finally {
    process.chdir(before);
  }
});

test('folders keep their paths, and what is left out is said', async () => {
  const { files, skipped } = await gatherInputs(
    [at('docs'), at('other', 'docs'), at('one.txt'), at('docs', 'b.md')],
    [at('docs', '.hidden')],
  );
  expect(files.map(({ path, fromFolder }) => [path, fromFolder])).toEqual([
    ['docs/b.md', true],
    ['docs/deep/a.txt', true],
    ['docs (2)/b.md', true],
    ['one.txt', false],
  ]);
  expect(skipped.map(line => line.split(':')[0])).toEqual([
    'docs/.git',
    'docs/.hidden',
    'docs/link.txt',
    'b.md',
  ]);
});

test('progress is one line over and over on a terminal, and few lines in a log', () => {
  const line = progressLine({ filesDone: 1, files: 1200, chunks: 1300, tokensPerSecond: 640.4 });
  expect(line).toBe('1 of 1,200 files · 1,300 chunks · 640 tokens/s');
  let written = '';
  const write = (text: string) => {
    written += text;
  };
  const terminal = progressTo({ isTTY: true, write });
  terminal.update('long line');
  terminal.update('short');
  terminal.say('failed');
  expect(written).toBe('\rlong line\rshort    \r     \rfailed\n');
  written = '';
  let time = 0;
  const log = progressTo({ write }, () => time);
  for (const next of ['a', 'b', 'c']) {
    log.update(next);
    time += 3000;
  }
  expect(written).toBe('a\nc\n');
});
