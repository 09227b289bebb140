import { makeTinyGguf } from '../scripts/make-tiny-gguf.ts';
import { drop, expect, test, writeFiles } from './fixtures.ts';
import { type ModelHost, startModelHost } from './model-host.ts';
import { allDone, openPage } from './person.ts';

test.use({ serviceWorkers: 'allow' });

let host: ModelHost;
const gguf = makeTinyGguf();

let elsewhere: ModelHost;

test.beforeEach(async () => {
  elsewhere = await startModelHost({ '/tiny.gguf': gguf });
  host = await startModelHost({ '/tiny.gguf': gguf, '/moved.gguf': `${elsewhere.origin}/tiny.gguf` });
});
test.afterEach(() => Promise.all([host.close(), elsewhere.close()]));

test('a model from an address: its host allowed, the connection cut, the page reloaded, and it serves', async ({
  page,
  folder,
  watch,
}) => {
  watch.expectErrors(/net::ERR_|Failed to load resource/);
  await openPage(page);
  await expect(page.getByText(/Offline ready/)).toBeVisible();
  const url = `${host.origin}/tiny.gguf`;
  const downloads = () => page.evaluate(() => vecdrop.downloads());

  // Nobody has allowed this host: nothing goes out.
  await page.evaluate(url => vecdrop.startDownload({ url }), url);
  await expect
    .poll(downloads)
    .toMatchObject([{ state: 'waiting', message: expect.stringContaining('You have not allowed') }]);
  expect(await page.evaluate(origin => vecdrop.allowHost(origin), host.origin)).toMatchObject({
    needsReload: true,
  });
  expect(host.requests).toEqual([]);

  // With the reload the policy has it, and the download goes on by itself.
  const cut = Math.floor(gguf.length * 0.6);
  host.stopAt(cut);
  await page.reload();
  await expect
    .poll(downloads)
    .toMatchObject([{ state: 'running', receivedBytes: cut, totalBytes: gguf.length }]);
  // Cut when the bytes are there: what is under way would be lost with the connection.
  host.cut();
  const again = () => host.requests.filter(request => request === `GET /tiny.gguf bytes=${cut}-`).length;
  await expect.poll(again).toBeGreaterThan(0);
  const before = again();
  await page.reload();
  await expect.poll(again).toBeGreaterThan(before);
  host.stopAt(undefined);
  host.cut();
  await expect.poll(downloads).toEqual([]);
  const [, entry] = await page.evaluate(() => vecdrop.modelEntries());
  expect(entry).toMatchObject({
    source: 'kept',
    usedBy: [],
    info: { name: 'tiny-bert', bytes: gguf.length },
  });

  const [use] = await page.evaluate(() => vecdrop.hosts());
  expect(use).toMatchObject({ origin: host.origin, needsReload: false });
  // What came in the last second before a page went may be missing.
  expect(use?.receivedBytes).toBeGreaterThanOrEqual(gguf.length - cut);
  expect(use?.sentBytes).toBeGreaterThan(url.length);

  const id = entry?.info.id ?? '';
  await page.evaluate(async modelId => {
    localStorage.setItem('vecdrop:collection', await vecdrop.createCollection('Quick notes', modelId));
  }, id);
  await page.reload();
  await drop(page, await writeFiles(folder, { 'note.txt': 'A heron stands in the water.' }));
  await allDone(page, 1);
  const refusal = await page.evaluate(
    id => vecdrop.removeModel(id).catch(error => `${error.name}: ${error.message}`),
    id,
  );
  expect(refusal).toMatch(/^model\/in-use: “tiny-bert” is needed by the collection “Quick notes”/);

  // The browser lost its file: words go on, and one click brings it back.
  await page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    await root.removeEntry('models', { recursive: true });
  });
  await page.reload();
  await page.getByRole('combobox', { name: /^Search / }).fill('heron');
  const hits = page.getByRole('region', { name: 'Hits' });
  await expect(
    hits.getByText(/Found by words only\. The file of the model “tiny-bert” is gone/),
  ).toBeVisible();
  await expect(hits.getByRole('option', { name: /note\.txt/ })).toBeVisible();
  await hits.getByRole('button', { name: /^Download it again/ }).click();
  await expect(hits.getByText(/Found by words only/)).toBeHidden();
  await expect(hits.getByRole('option', { name: /note\.txt/ })).toBeVisible();
  expect(await page.evaluate(async () => (await vecdrop.modelEntries())[1]?.usedBy)).toEqual(['Quick notes']);
});

test('only the workspace may speak to an allowed host; the page itself, and a forgotten host, may not', async ({
  page,
  watch,
}) => {
  watch.expectErrors(/Content Security Policy|violates|Refused to connect/);
  await openPage(page);
  await expect(page.getByText(/Offline ready/)).toBeVisible();
  await page.evaluate(origin => vecdrop.allowHost(origin), host.origin);
  await page.reload();
  const fromPage = () =>
    page.evaluate(
      url =>
        fetch(url).then(
          () => 'sent',
          error => error.name,
        ),
      `${host.origin}/tiny.gguf`,
    );
  expect(await fromPage()).toBe('TypeError');
  await page.evaluate(url => vecdrop.startDownload({ url }), `${host.origin}/tiny.gguf`);
  await expect.poll(() => page.evaluate(async () => (await vecdrop.modelEntries()).length)).toBe(2);

  // A host that sends on to another does not get the page there.
  await page.evaluate(url => vecdrop.startDownload({ url }), `${host.origin}/moved.gguf`);
  await expect
    .poll(() => page.evaluate(() => vecdrop.downloads()))
    .toMatchObject([
      { state: 'waiting', message: expect.stringContaining('The browser refused the connection') },
    ]);
  expect(elsewhere.requests).toEqual([]);

  await page.evaluate(async origin => {
    for (const { id } of await vecdrop.downloads()) await vecdrop.cancelDownload(id);
    await vecdrop.forgetHost(origin);
    await vecdrop.removeModel((await vecdrop.modelEntries())[1]?.info.id ?? '');
    await vecdrop.startDownload({ url: `${origin}/tiny.gguf` });
  }, host.origin);
  await expect.poll(() => page.evaluate(() => vecdrop.downloads())).toMatchObject([{ state: 'waiting' }]);
  expect(host.requests).toEqual(['GET /tiny.gguf bytes=0-', 'GET /moved.gguf bytes=0-']);
  const kept = () =>
    page.evaluate(async () => (await caches.keys()).filter(name => name.includes('hosts')).length);
  expect(await kept()).toBe(0);
});
