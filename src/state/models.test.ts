import { expect, it, vi } from 'vitest';
import type { ModelInfo } from '../domain/model.ts';
import type { WorkspaceEvent } from '../workspace/api.ts';
import type { ModelDownload } from '../workspace/models-api.ts';
import { createMirror } from './mirror.ts';
import { createShelf } from './models.ts';

const download = (id: string): ModelDownload => ({
  id,
  name: `${id}.gguf`,
  source: { url: `https://models.example/${id}.gguf` },
  state: 'running',
  receivedBytes: 1,
});
const model = (id: string) => ({ id, name: id }) as ModelInfo;

/** A workspace with one model and one download of it under way. */
async function following() {
  let notify: (event: WorkspaceEvent) => void = () => {};
  const models = [model('built-in')];
  const client = {
    subscribe: (listener: typeof notify) => {
      notify = listener;
      return () => {};
    },
    models: async () => [...models],
    modelEntries: async () => [],
    downloads: async () => (models.length > 1 ? [] : [download('a')]),
    startDownload: async () => 'b',
    hosts: async () => [],
  };
  const mirror = createMirror(client as never, { read: () => null, write: () => {} });
  await mirror.readModels();
  const arrived = vi.fn();
  const shelf = createShelf(client, mirror, arrived);
  shelf.start();
  await expect.poll(() => shelf.store.getState().downloads).toHaveLength(1);
  return {
    models,
    mirror,
    shelf,
    arrived,
    tell: (downloads: ModelDownload[]) => notify({ type: 'downloads', downloads }),
  };
}

it('a finished download is told as a model that arrived', async () => {
  const { models, mirror, arrived, tell } = await following();
  models.push(model('new'));
  tell([]);
  await expect.poll(() => arrived).toHaveBeenCalledExactlyOnceWith(model('new'));
  expect(mirror.store.getState().models).toHaveLength(2);
});

it('a cancelled download is told as nothing', async () => {
  const { mirror, arrived, tell } = await following();
  const read = vi.spyOn(mirror, 'readModels');
  tell([]);
  await expect.poll(() => read).toHaveBeenCalled();
  await read.mock.results[0]?.value;
  await Promise.resolve();
  expect(arrived).not.toHaveBeenCalled();
});

it('a download that ended before anything was heard of it is told too', async () => {
  const { models, shelf, arrived } = await following();
  models.push(model('quick'));
  await shelf.download({ url: 'https://models.example/b.gguf' });
  await expect.poll(() => arrived).toHaveBeenCalledExactlyOnceWith(model('quick'));
});
