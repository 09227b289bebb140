import { expect, test } from 'vitest';
import { asModels, listFiles, sourceFiles } from './repository.ts';
import { fileName, originOf, readRepo, readSource } from './source.ts';

const never = new AbortController().signal;

test.each([
  ['https://a.test/x/m.gguf#top', { url: 'https://a.test/x/m.gguf' }],
  [' http://127.0.0.1:8080/m.gguf?v=1 ', { url: 'http://127.0.0.1:8080/m.gguf?v=1' }],
  ['https://a.test/m-00003-of-00004.gguf?v=1', { url: 'https://a.test/m-00001-of-00004.gguf?v=1' }],
  [
    'https://huggingface.co/owner/model/blob/main/q8/a%20b.gguf?download=true',
    { repo: 'owner/model', file: 'q8/a b.gguf', revision: 'main' },
  ],
  [
    'https://huggingface.co/owner/model/resolve/refs%2Fpr%2F1/m-00002-of-00002.gguf',
    { repo: 'owner/model', file: 'm-00001-of-00002.gguf', revision: 'refs/pr/1' },
  ],
])('%s', (url, source) => expect(readSource({ url })).toEqual(source));

test('a repository and file are the same source as their address', () => {
  const source = readSource({ url: 'https://huggingface.co/owner/model/resolve/main/m.gguf' });
  expect(readSource({ repo: 'https://huggingface.co/owner/model/', file: 'm.gguf' })).toEqual(source);
  expect(fileName(source)).toBe('m.gguf');
  expect(originOf(source)).toBe('https://huggingface.co');
});

test.each([
  ['model.gguf', 'is no address'],
  ['ftp://a.test/m.gguf', 'is no address'],
  ['https://me:secret@a.test/m.gguf', 'password'],
])('%s is refused', (url, sentence) => {
  expect(() => readSource({ url })).toThrow(
    expect.objectContaining({ code: 'input/invalid', message: expect.stringContaining(sentence) }),
  );
});

test.each(['owner', 'owner/model/x', 'owner/../x y', '', 'https://a.test/owner/model'])(
  '%s is no repository',
  name => {
    expect(() => readRepo(name)).toThrow(expect.objectContaining({ code: 'input/invalid' }));
  },
);

/** A listing of two pages. */
const FILES = [
  { type: 'file', path: 'README.md', size: 1 },
  { type: 'directory', path: 'q8', size: 0 },
  { type: 'file', path: 'm-00002-of-00002.gguf', size: 20, lfs: { oid: 'b'.repeat(64), size: 20 } },
];
const MORE = [
  { type: 'file', path: 'm-00001-of-00002.gguf', size: 10, lfs: { oid: 'a'.repeat(64), size: 10 } },
  { type: 'file', path: 'q8/s.gguf', size: 5 },
  null,
];

function fetchOf(answers: Record<string, Response>) {
  const asked: string[] = [];
  const fetch = async (url: string) => {
    asked.push(url);
    return answers[url]?.clone() ?? new Response(null, { status: 404 });
  };
  return { fetch, asked };
}

const TREE = 'https://hub.test/api/models/owner/model/tree/main?recursive=true';
const two = () =>
  fetchOf({
    [TREE]: Response.json(FILES, { headers: { Link: `<${TREE}&cursor=2>; rel="next"` } }),
    [`${TREE}&cursor=2`]: Response.json(MORE),
  });
const repo = { repo: 'owner/model', revision: 'main' };

test('a repository lists its GGUF files over all pages, a split model once with the bytes of all parts', async () => {
  const listed = await listFiles(repo, two().fetch, never, 'https://hub.test');
  expect(asModels(listed)).toEqual([
    { path: 'm-00001-of-00002.gguf', bytes: 30, parts: 2 },
    { path: 'q8/s.gguf', bytes: 5, parts: 1 },
  ]);
});

test('the files of a source: all parts, with size and sha256 from one listing', async () => {
  const { fetch, asked } = two();
  const files = await sourceFiles(
    { ...repo, file: 'm-00001-of-00002.gguf' },
    fetch,
    never,
    'https://hub.test',
  );
  expect(files).toEqual([
    {
      url: 'https://hub.test/owner/model/resolve/main/m-00001-of-00002.gguf',
      name: 'm-00001-of-00002.gguf',
      bytes: 10,
      sha256: 'a'.repeat(64),
    },
    {
      url: 'https://hub.test/owner/model/resolve/main/m-00002-of-00002.gguf',
      name: 'm-00002-of-00002.gguf',
      bytes: 20,
      sha256: 'b'.repeat(64),
    },
  ]);
  expect(asked).toHaveLength(2);
});

test('the parts of an address, its search kept', async () => {
  const source = readSource({ url: 'https://a.test/x/m-00002-of-00002.gguf?key=1' });
  const files = await sourceFiles(source, two().fetch, never);
  expect(files.map(({ url }) => url)).toEqual([
    'https://a.test/x/m-00001-of-00002.gguf?key=1',
    'https://a.test/x/m-00002-of-00002.gguf?key=1',
  ]);
});

test('a next page on another host is not asked', async () => {
  const { fetch, asked } = fetchOf({
    [TREE]: Response.json(MORE, { headers: { Link: '<https://else.test/>; rel="next"' } }),
  });
  await listFiles(repo, fetch, never, 'https://hub.test');
  expect(asked).toEqual([TREE]);
});

test.each([401, 403, 404])('a repository that is not there or not public (%i)', async status => {
  const { fetch } = fetchOf({ [TREE]: new Response(null, { status }) });
  await expect(listFiles(repo, fetch, never, 'https://hub.test')).rejects.toMatchObject({
    code: 'download/failed',
    message: expect.stringContaining('hub.test has no public repository owner/model'),
  });
});
