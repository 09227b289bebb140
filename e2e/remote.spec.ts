import {
  type EmbeddingServer,
  json,
  startEmbeddingServer,
  vectorOfText,
} from '../scripts/embedding-server.ts';
import { drop, expect, makeTexts, test, writeFiles } from './fixtures.ts';
import { openPage } from './person.ts';
import { exported } from './tiny.ts';

const FILES = 6;

let server: EmbeddingServer;
test.use({ serviceWorkers: 'allow' });
test.beforeEach(async () => {
  server = await startEmbeddingServer();
});
test.afterEach(() => server.close());

test('an endpoint that turns requests away, dies and comes back: no vector lost, none made twice', async ({
  page,
  folder,
  watch,
}) => {
  watch.expectErrors(/net::ERR_|Failed to load resource/);
  await openPage(page);
  await expect(page.getByText(/Offline ready/)).toBeVisible();
  await page.evaluate(url => vecdrop.allowHost(new URL(url).origin), server.baseUrl);
  expect(server.seen).toEqual([]);
  await page.reload();

  const endpoint = { baseUrl: server.baseUrl, key: 'secret', keepKey: false };
  const { collectionId, names, modelId } = await page.evaluate(async endpoint => {
    const never = new AbortController().signal;
    const names = await vecdrop.remoteModels(endpoint, never);
    const model = await vecdrop.addRemoteModel(endpoint, 'tiny', 512, never);
    const collectionId = await vecdrop.createCollection('Endpoint', model.id);
    localStorage.setItem('vecdrop:collection', collectionId);
    return { collectionId, names, modelId: model.id };
  }, endpoint);
  expect(names).toEqual(['tiny', 'other']);

  // A reload forgets a key that was not to be kept.
  server.intervene = ({ key }, response) =>
    key === 'secret' ? false : json(response, 401, { error: { message: 'Who are you?' } });
  await page.reload();
  await drop(page, await writeFiles(folder, makeTexts(FILES, 600)));
  await expect(page.getByText(/refuses the key \(401\)/).first()).toBeVisible();

  // From now on it answers what it has to, but not each time it is asked.
  const answered = new Map<string, number>();
  let requests = 0;
  server.intervene = async ({ key, input = [] }, response) => {
    expect(key).toBe('secret');
    requests += 1;
    if (requests === 2) return json(response, 429, {}, { 'Retry-After': '1' });
    if (requests === 4) {
      response.destroy();
      await server.die();
      setTimeout(() => void server.comeBack(), 700);
      return true;
    }
    for (const text of input) answered.set(text, (answered.get(text) ?? 0) + 1);
    return false;
  };
  await page.evaluate(async modelId => {
    await vecdrop.setRemoteKey(modelId, 'secret', false);
    await vecdrop.resume();
  }, modelId);
  await expect
    .poll(() =>
      page.evaluate(async id => (await vecdrop.files(id, 0, 100)).map(({ state }) => state), collectionId),
    )
    .toEqual(Array.from({ length: FILES }, () => 'done'));
  expect(requests).toBeGreaterThan(4);

  const records = (await exported(page, collectionId, 'jsonl'))
    .trim()
    .split('\n')
    .map(line => JSON.parse(line));
  expect(records.length).toBeGreaterThan(FILES * 4);
  for (const { text, embedding } of records) {
    const raw = vectorOfText(text, server.dimensions, server.seed);
    const norm = Math.hypot(...raw);
    for (const [i, value] of raw.entries()) expect(embedding[i]).toBeCloseTo(value / norm, 5);
  }
  // The probe aside, each text was answered once.
  expect(records.map(({ text }) => answered.get(text))).toEqual(records.map(() => 1));
  const [host] = await page.evaluate(() => vecdrop.hosts());
  expect(host?.sentBytes).toBeGreaterThan(0);
});
