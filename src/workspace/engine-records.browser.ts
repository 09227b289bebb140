import { afterEach, beforeEach, expect, test } from 'vitest';
import type { EngineReport } from '../domain/engine.ts';
import { type Recipe, VERSIONS } from '../domain/recipe.ts';
import { type Database, deleteDatabase, openDatabase } from '../store/database.ts';
import { readRemoteKeys } from '../store/engines.ts';
import { listModels } from '../store/models.ts';
import { createEngineChoices } from './engine-choice.ts';
import { createKeys, type Keys } from './keys.ts';
import { createRemoteModels, type RemoteModels } from './remote-models.ts';

const NAME = 'vecdrop-engines-test';
const baseUrl = 'http://127.0.0.1:9/v1';
const never = new AbortController().signal;

let db: Database;
const open: Keys[] = [];
/** What the endpoint gives for any text, and the keys that it was asked with. */
let vector: number[];
let keys: (string | null)[];

beforeEach(async () => {
  await deleteDatabase(NAME);
  db = await openDatabase({ name: NAME, onBlocked: () => {} });
  vector = [1, 2, 3, 4];
  keys = [];
});
afterEach(async () => {
  for (const keys of open.splice(0)) keys.close();
  db.close();
  await deleteDatabase(NAME);
});

/** The endpoints as one tab has them. */
function tab(): RemoteModels {
  const answer = async (_url: string, init?: RequestInit) => {
    keys.push(new Headers(init?.headers).get('Authorization'));
    return Response.json({ data: [{ index: 0, embedding: vector }] });
  };
  const known = createKeys(db, `${NAME}-keys`);
  open.push(known);
  return createRemoteModels(db, answer, 'http://localhost/', known);
}

const port = () => new MessageChannel().port1;
const recipe = { normalize: true, versions: VERSIONS } as unknown as Recipe;

async function add(remote: RemoteModels, keepKey: boolean) {
  const info = await remote.addRemoteModel(
    { baseUrl: `${baseUrl}/`, key: 'secret', keepKey },
    'm',
    512,
    port(),
  );
  return { info, tokenizer: { kind: 'estimate' } as const, gguf: [] };
}

test('a model is added once, without a file, and again only when it is another', async () => {
  const remote = tab();
  const { info } = await add(remote, false);
  expect(info.remote).toEqual({ baseUrl, model: 'm' });
  expect((await add(remote, false)).info.id).toBe(info.id);
  vector = [4, 3, 2, -1];
  const other = await add(remote, false);
  expect(other.info.id).not.toBe(info.id);
  expect((await listModels(db)).map(({ id }) => id).sort()).toEqual([info.id, other.info.id].sort());
});

test('a key that is not to be kept is in no database, yet every open tab has it', async () => {
  const first = tab();
  const model = await add(first, false);
  expect(await readRemoteKeys(db)).toEqual({});
  const second = tab();
  await expect
    .poll(async () => (await second.open(model, recipe, never)) && keys.at(-1))
    .toBe('Bearer secret');
  for (const keys of open.splice(0)) keys.close();
  await tab().open(model, recipe, never);
  expect(keys.at(-1)).toBe(null);
});

test('a key that is kept is there after a reload, until it is given otherwise', async () => {
  const model = await add(tab(), true);
  for (const keys of open.splice(0)) keys.close();
  const later = tab();
  await later.open(model, recipe, never);
  expect(keys.at(-1)).toBe('Bearer secret');
  await later.setRemoteKey(model.info.id, 'new', false);
  expect(await readRemoteKeys(db)).toEqual({});
});

test('how a key is known is told, and forgetting it is for every tab', async () => {
  const [first, second] = [createKeys(db, `${NAME}-keys`), createKeys(db, `${NAME}-keys`)];
  open.push(first, second);
  expect(await first.known(baseUrl)).toBe('none');
  await first.set(baseUrl, 'secret', false);
  await expect.poll(() => second.known(baseUrl)).toBe('tab');
  await second.set(baseUrl, 'secret', true);
  expect(await first.known(baseUrl)).toBe('kept');
  await first.set(baseUrl, undefined, false);
  await expect.poll(() => second.known(baseUrl)).toBe('none');
});

test('an endpoint that serves another model by the old name is not used', async () => {
  const remote = tab();
  const model = await add(remote, false);
  await remote.open(model, recipe, never);
  vector = [4, 3, 2, -1];
  await expect(remote.open(model, recipe, never)).rejects.toMatchObject({ code: 'model/changed' });
});

test('what is no address, and no context, is refused before anything is sent', async () => {
  const remote = tab();
  const endpoint = { baseUrl: 'nonsense', keepKey: false };
  await expect(remote.addRemoteModel(endpoint, 'm', 512, port())).rejects.toMatchObject({
    code: 'input/invalid',
  });
  await expect(remote.addRemoteModel({ ...endpoint, baseUrl }, 'm', 0, port())).rejects.toMatchObject({
    code: 'input/invalid',
  });
  expect(keys).toEqual([]);
});

const reports: EngineReport[] = [
  { engine: 'wllama-webgpu', name: 'GPU', outcome: 'right', cosine: 1, tokensPerSecond: 900 },
  { engine: 'kernel', name: 'kernel', outcome: 'wrong', cosine: 0.5, reason: 'Its vectors are wrong.' },
  { engine: 'wllama-cpu', name: 'CPU', outcome: 'right', tokensPerSecond: 100 },
];
const choicesOn = (gpu: string, version = '1') =>
  createEngineChoices(db, version, async () => ({ cores: 2, isolated: true, gpu }), 'Browser 1');

test('a choice is kept for this version, browser and GPU, and for no other', async () => {
  await choicesOn('GPU 1').keep('m', reports);
  expect(await choicesOn('GPU 1').get('m')).toMatchObject({ taken: 'wllama-webgpu', overruled: false });
  expect(await choicesOn('GPU 2').get('m')).toBeUndefined();
  expect(await choicesOn('GPU 1', '2').get('m')).toBeUndefined();
  expect(await choicesOn('GPU 1').get('other')).toBeUndefined();
});

test('a person overrules it, but not with an engine that is wrong', async () => {
  const choices = choicesOn('GPU 1');
  await choices.keep('m', reports);
  expect(await choices.choose('m', 'wllama-cpu')).toMatchObject({ taken: 'wllama-cpu', overruled: true });
  await expect(choices.choose('m', 'kernel')).rejects.toMatchObject({
    code: 'engine/failed',
    message: expect.stringContaining('Its vectors are wrong.'),
  });
  // A new test does not undo it.
  await choices.keep('m', reports);
  expect(await choices.get('m')).toMatchObject({ taken: 'wllama-cpu' });
  expect(await choices.choose('m', 'auto')).toMatchObject({ taken: 'wllama-webgpu', overruled: false });
});

test('an engine that failed at work is not taken again', async () => {
  const choices = choicesOn('GPU 1');
  await choices.keep('m', reports);
  await choices.choose('m', 'wllama-webgpu');
  await choices.fell('m', 'wllama-webgpu', { outcome: 'wrong', cosine: 0.2, reason: 'It was wrong.' });
  const choice = await choices.get('m');
  expect(choice?.taken).toBe('wllama-cpu');
  expect(choice?.reports.find(({ engine }) => engine === 'wllama-webgpu')).toMatchObject({
    outcome: 'wrong',
    cosine: 0.2,
    reason: 'It was wrong.',
  });
});
