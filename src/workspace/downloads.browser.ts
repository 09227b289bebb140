import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeTinyGguf } from '../../scripts/make-tiny-gguf.ts';
import type { Bytes } from '../../scripts/tiny-gguf/bytes.ts';
import { partName, splitGguf } from '../../scripts/tiny-gguf/edit.ts';
import type { ModelInfo } from '../domain/model.ts';
import { hostWorker, type WorkerHost } from '../rpc/host.ts';
import { deleteDatabase } from '../store/database.ts';
import { removeModelFiles } from '../store/models.ts';
import type { HostFile, TabApi } from './downloads.browser.worker.ts';
import { defaultRecipe } from './models.ts';

const NAME = 'vecdrop-downloads-test';
const MINUTE = 60_000;
const gguf = makeTinyGguf();
const SIXTY = Math.floor(gguf.length * 0.6);

/** Tabs are workers: they die as tabs do. */
class Tab {
  readonly #host: WorkerHost<TabApi> = hostWorker<TabApi>(
    'tab',
    () => new Worker(new URL('./downloads.browser.worker.ts', import.meta.url), { type: 'module' }),
  );
  call<R>(use: (api: TabApi) => R): Promise<Awaited<R>> {
    const never = new AbortController().signal;
    return this.#host.call(never, MINUTE, remote => use(remote as unknown as TabApi) as Promise<Awaited<R>>);
  }
  end(): void {
    this.#host.terminate();
  }
}

let tabs: Tab[];
let tab: Tab;

async function openTab(files: Record<string, HostFile>): Promise<Tab> {
  const opened = new Tab();
  tabs.push(opened);
  await opened.call(api => api.host(files));
  await opened.call(api => api.open(NAME));
  return opened;
}

beforeEach(async () => {
  tabs = [];
  await deleteDatabase(NAME);
  await removeModelFiles();
  tab = await openTab({ 'm.gguf': { bytes: gguf } });
});
afterEach(() => {
  for (const one of tabs) one.end();
});

const downloads = (of = tab) => of.call(api => api.downloads());
const kept = async (of = tab) =>
  (await of.call(api => api.entries())).filter(({ source }) => source === 'kept');
const host = (files: Record<string, HostFile>) => tab.call(api => api.host(files));
const ended = (of = tab) => expect.poll(() => downloads(of)).toEqual([]);
const stopped = (state: string, message: string, of = tab) =>
  expect.poll(() => downloads(of)).toMatchObject([{ state, message: expect.stringContaining(message) }]);

test('a downloaded model is kept under its sha256, and nothing else stays', async () => {
  await tab.call(api => api.start('m.gguf'));
  await ended();
  const [model] = await kept();
  expect(model?.info).toMatchObject({
    name: 'tiny-bert',
    bytes: gguf.length,
    id: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect(await tab.call(api => api.disk())).toEqual([`models/${model?.info.id}.gguf`]);
  expect(await tab.call(api => api.bytesOf(model?.info.id ?? ''))).toEqual([gguf.length]);
  // Dropped as a file it is the same model.
  expect((await tab.call(api => api.add(['other-name.gguf'], [gguf]))).id).toBe(model?.info.id);
  expect(await kept()).toHaveLength(1);
});

test('a split model is one model, downloaded or dropped', async () => {
  const parts = await splitGguf(gguf, 14);
  const names = parts.map((_, i) => partName('m', i, parts.length));
  await host(Object.fromEntries(names.map((name, i) => [name, { bytes: parts[i] as Bytes }])));
  // Any part stands for the whole.
  await tab.call(api => api.start(names[1] ?? ''));
  await ended();
  const [model] = await kept();
  const sizes = parts.map(({ length }) => length);
  expect(await tab.call(api => api.bytesOf(model?.info.id ?? ''))).toEqual(sizes);
  expect(await tab.call(api => api.disk())).toHaveLength(3);
  const dropped = await tab.call(api => api.add([...names].reverse(), [...parts].reverse()));
  expect(dropped.id).toBe(model?.info.id);
  await tab.call(api => api.remove(dropped.id));
  expect(await tab.call(api => api.disk())).toEqual([]);
  await tab.call(api => api.add(names, parts));
  expect(await tab.call(api => api.bytesOf(dropped.id))).toEqual(sizes);
  await expect(tab.call(api => api.add(names.slice(0, 2), parts.slice(0, 2)))).rejects.toMatchObject({
    message: expect.stringContaining('part 3 of 3 is missing'),
  });
});

test.each([
  ['another sha256 than listed', { bytes: gguf, sha256: '0'.repeat(64) }, 'arrived damaged: its sha256'],
  ['another size than listed', { bytes: gguf, listedBytes: gguf.length + 1 }, 'should have'],
  ['a web page', { bytes: new TextEncoder().encode('<html>Sign in</html>') }, 'sent a web page'],
  ['a file that ends too soon', { bytes: gguf.slice(0, SIXTY) }, 'is damaged'],
] as [string, HostFile, string][])(
  '%s is refused, leaves no half file, and can be tried again',
  async (_, file, sentence) => {
    await host({ 'm.gguf': file });
    const id = await tab.call(api => api.start('m.gguf'));
    await stopped('failed', sentence);
    expect(await tab.call(api => api.disk())).toEqual([]);
    expect(await kept()).toEqual([]);
    await host({ 'm.gguf': { bytes: gguf } });
    await tab.call(api => api.resume(id));
    await ended();
    expect(await kept()).toHaveLength(1);
  },
);

test('a file that is not in the repository', async () => {
  await tab.call(api => api.start('n.gguf'));
  await stopped('failed', 'has no file “n.gguf” in “main”');
});

test('two downloads of one source are one, and it is asked for once', async () => {
  await host({ 'm.gguf': { bytes: gguf, holdAt: SIXTY } });
  const ids = [
    await tab.call(api => api.start('m.gguf')),
    await tab.call(api => api.startUrl('https://hub.test/owner/model/blob/main/m.gguf?download=true')),
  ];
  expect(new Set(ids).size).toBe(1);
  await expect
    .poll(downloads)
    .toMatchObject([{ state: 'running', receivedBytes: SIXTY, totalBytes: gguf.length }]);
  expect(await tab.call(api => api.requests())).toEqual([
    '/api/models/owner/model/tree/main',
    '/owner/model/resolve/main/m.gguf bytes=0-',
  ]);
});

test('cancelled, nothing of it stays, and it can be begun again', async () => {
  await host({ 'm.gguf': { bytes: gguf, holdAt: SIXTY } });
  const id = await tab.call(api => api.start('m.gguf'));
  await expect.poll(downloads).toMatchObject([{ receivedBytes: SIXTY }]);
  await tab.call(api => api.cancel(id));
  expect(await downloads()).toEqual([]);
  expect(await tab.call(api => api.disk())).toEqual([]);
  await host({ 'm.gguf': { bytes: gguf } });
  await tab.call(api => api.start('m.gguf'));
  await ended();
  expect(await kept()).toHaveLength(1);
});

test('a tab that dies leaves its download to another, which sees it, goes on where it was, and may cancel', async () => {
  await host({ 'm.gguf': { bytes: gguf, holdAt: SIXTY } });
  await tab.call(api => api.start('m.gguf'));
  await expect.poll(downloads).toMatchObject([{ receivedBytes: SIXTY }]);
  const other = await openTab({ 'm.gguf': { bytes: gguf, holdAt: SIXTY + 1000 } });
  await expect.poll(() => downloads(other)).toMatchObject([{ state: 'running', receivedBytes: SIXTY }]);
  expect(await other.call(api => api.requests())).toEqual([]);
  // It is worked on, though nothing comes for a while: longer than what a tab has said once holds.
  await new Promise(resolve => setTimeout(resolve, 3_500));
  await expect.poll(() => downloads(other)).toMatchObject([{ state: 'running', receivedBytes: SIXTY }]);
  tab.end();
  await expect
    .poll(() => downloads(other))
    .toMatchObject([{ state: 'running', receivedBytes: SIXTY + 1000 }]);
  expect(await other.call(api => api.requests())).toEqual([
    `/owner/model/resolve/main/m.gguf bytes=${SIXTY}-`,
  ]);
  const third = await openTab({ 'm.gguf': { bytes: gguf } });
  const [{ id = '' } = {}] = await downloads(third);
  await third.call(api => api.cancel(id));
  await ended(other);
  expect(await third.call(api => api.disk())).toEqual([]);
});

test('a model that collections need stays, and says which; a deleted collection needs it while it can be restored', async () => {
  const { id } = (await tab.call(api => api.add(['m.gguf'], [gguf]))) as ModelInfo;
  const info = (await kept())[0]?.info as ModelInfo;
  const recipe = defaultRecipe(info);
  const collection = (key: string, name: string) => ({ id: key, name, recipe, createdAt: 1 });
  await tab.call(api => api.putCollection(collection('a', 'Papers')));
  await tab.call(api => api.putCollection({ ...collection('b', 'Letters'), deletedAt: Date.now() }));
  const other = { ...recipe, modelId: 'another' };
  await tab.call(api =>
    api.putCollection({ ...collection('c', 'Notes'), recipe: other, nextRecipe: recipe }),
  );
  expect((await kept())[0]?.usedBy.sort()).toEqual(['Letters', 'Notes', 'Papers']);
  await expect(tab.call(api => api.remove(id))).rejects.toMatchObject({
    name: 'model/in-use',
    message: expect.stringMatching(/collections “Papers”, “Letters” and “Notes”/),
  });
  expect(await tab.call(api => api.disk())).toHaveLength(1);
  for (const key of ['a', 'b', 'c']) {
    await tab.call(api => api.putCollection({ ...collection(key, key), recipe: other }));
  }
  await tab.call(api => api.remove(id));
  expect(await tab.call(api => api.disk())).toEqual([]);
  await expect(tab.call(api => api.bytesOf(id))).rejects.toMatchObject({ name: 'model/missing' });
});
