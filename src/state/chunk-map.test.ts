import { expect, it } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { MapPoints } from '../domain/map.ts';
import type { MapProgress } from '../workspace/map-api.ts';
import { createChunkMap, newChunks, placeOf, pointOf } from './chunk-map.ts';
import type { Mirror } from './mirror.ts';

const MAP: MapPoints = {
  files: [
    { fileId: 'a', count: 2 },
    { fileId: 'b', count: 3 },
  ],
  points: new Float32Array(10),
  clusterOf: new Uint8Array(5),
  clusters: [],
};

/** Maps that are asked for, to be answered by the test. */
function workspace() {
  const asked: {
    collectionId: string;
    projection: string;
    answer: (map: MapPoints) => void;
    fail: (error: Error) => void;
    progress: (progress: MapProgress) => void;
  }[] = [];
  const mirror = { store: createStore<Mirror>()(() => ({ currentId: 'c' }) as Mirror) };
  const map = createChunkMap(
    {
      mapPoints: (collectionId, projection, signal, progress) =>
        new Promise((answer, fail) => {
          signal.addEventListener('abort', () => fail(signal.reason));
          asked.push({ collectionId, projection, answer, fail, progress });
        }),
    },
    mirror,
  );
  return { asked, mirror, map, state: map.store.getState };
}

it('makes the map once, says how far it is, and keeps it', async () => {
  const { asked, map, state } = workspace();
  map.open();
  map.open();
  expect(asked.length).toBe(1);
  asked[0]?.progress({ stage: 'Laying out', done: 0.5 });
  expect(state().making).toEqual({ stage: 'Laying out', done: 0.5 });
  asked[0]?.answer(MAP);
  await expect.poll(() => state().making).toBeUndefined();
  expect(state().shown?.projection).toBe('pca');
  map.open();
  expect(asked.length).toBe(1);
});

it('another layout leaves the one on screen until it is there; giving up goes back to it', async () => {
  const { asked, map, state } = workspace();
  map.open();
  asked[0]?.answer(MAP);
  await expect.poll(() => state().shown).toBeDefined();
  map.show('umap');
  expect([asked[1]?.projection, state().shown?.projection]).toEqual(['umap', 'pca']);
  map.cancel();
  await expect.poll(() => state().making).toBeUndefined();
  expect([state().projection, state().error]).toEqual(['pca', undefined]);
});

it('another collection drops the map and what is being made', async () => {
  const { asked, mirror, map, state } = workspace();
  map.open();
  mirror.store.setState({ currentId: 'd' });
  asked[0]?.answer(MAP);
  map.open();
  expect(asked.map(({ collectionId }) => collectionId)).toEqual(['c', 'd']);
  asked[1]?.answer(MAP);
  await expect.poll(() => state().shown).toBeDefined();
  mirror.store.setState({ currentId: 'c' });
  expect(state().shown).toBeUndefined();
});

it('a failure is said, and asking again is up to the person', async () => {
  const { asked, map, state } = workspace();
  map.open();
  asked[0]?.fail(new Error('The disk is gone.'));
  await expect.poll(() => state().error).toBe('The disk is gone.');
  map.open();
  expect(asked.length).toBe(1);
  map.update();
  expect([asked.length, state().error]).toEqual([2, undefined]);
});

it('points and chunks find one another', () => {
  const map = { ...MAP, ends: Uint32Array.of(2, 5) };
  const places = [0, 1, 2, 3, 4].map(point => placeOf(map, point));
  expect(places.map(({ fileId, ordinal }) => `${fileId}${ordinal}`)).toEqual(['a0', 'a1', 'b0', 'b1', 'b2']);
  expect(places.map(place => pointOf(map, place))).toEqual([0, 1, 2, 3, 4]);
  expect([pointOf(map, { fileId: 'a', ordinal: 2 }), pointOf(map, { fileId: 'z', ordinal: 0 })]).toEqual([
    -1, -1,
  ]);
});

it('chunks are new that have no point yet', () => {
  expect(
    newChunks(
      MAP,
      new Map([
        ['a', 5],
        ['b', 1],
        ['c', 4],
      ]),
    ),
  ).toBe(7);
});
