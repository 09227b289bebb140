import { afterEach, beforeEach, expect, it } from 'vitest';
import { toColumns } from '../domain/chunk.ts';
import type { MapPoints } from '../domain/map.ts';
import type { ModelInfo } from '../domain/model.ts';
import { embeddingKey, recipeKey } from '../domain/recipe.ts';
import { portOf } from '../rpc/abort-port.ts';
import { putCollection } from '../store/collections.ts';
import { type Database, deleteDatabase, openDatabase } from '../store/database.ts';
import { deleteFiles, getFile } from '../store/files.ts';
import { mapKeys } from '../store/maps.ts';
import { purge, UNDO_MS } from '../store/sweep.ts';
import type { MapApi } from './map-api.ts';
import { mapMethods } from './map-methods.ts';
import { defaultRecipe } from './models.ts';

/** The map's worker opens the page's own database, so the test has to as well. */
const DIMENSIONS = 12;
const TOPICS = [
  ['harbour', 'lighthouse', 'anchor'],
  ['oven', 'flour', 'dough'],
  ['violin', 'orchestra', 'melody'],
];
const recipe = defaultRecipe({
  id: 'm',
  name: 'm',
  dimensions: DIMENSIONS,
  contextLength: 64,
  pooling: 'mean',
} as ModelInfo);

let db: Database;
let methods: MapApi;
let said: string[];

beforeEach(async () => {
  await deleteDatabase();
  db = await openDatabase({ onBlocked: () => {} });
  await putCollection(db, { id: 'c', name: 'C', recipe, createdAt: 1 });
  methods = mapMethods({ db, shown: async id => (await getFile(db, id))?.current });
  said = [];
});
afterEach(() => db.close());

/** A file of chunks in turn of the three topics, with vectors near their topic's own. */
async function putFile(id: string, path: string, chunks: number): Promise<void> {
  const texts = Array.from({ length: chunks }, (_, i) => {
    const words = TOPICS[i % TOPICS.length] ?? [];
    return `the ${words[i % 3]} and the ${words[(i + 1) % 3]} of it. `;
  });
  const starts = texts.map((_, i) => texts.slice(0, i).join('').length);
  const columns = toColumns(
    texts.map((text, ordinal) => ({
      ordinal,
      start: starts[ordinal] ?? 0,
      end: (starts[ordinal] ?? 0) + text.length,
      tokens: 8,
      unknown: 0,
      page: 1 + (ordinal % 4),
      headings: [`Part ${ordinal % 2}`],
      context: '',
    })),
    new Uint8Array(chunks * 16),
  );
  const data = Float32Array.from({ length: chunks * DIMENSIONS }, (_, i) => {
    const [chunk, part] = [Math.floor(i / DIMENSIONS), i % DIMENSIONS];
    return (part === chunk % TOPICS.length ? 1 : 0) + 0.1 * Math.sin(i * 12.9898);
  });
  await db.write(['files', 'documents', 'chunks', 'vectors'], async (tx, stamp) => {
    await tx.objectStore('files').put({
      id,
      collectionId: 'c',
      path,
      bytes: 1,
      sha256: id,
      state: 'done',
      attempts: 0,
      addedAt: 1,
      revision: stamp(),
      current: {
        id,
        document: id,
        sha256: id,
        parser: 1,
        recipeKey: recipeKey(recipe),
        embeddingKey: embeddingKey(recipe),
        chunks,
        done: chunks,
        tokens: 8 * chunks,
        unknown: 0,
        pages: 4,
      },
    });
    await tx.objectStore('documents').put({ document: id, page: 0, text: texts.join('') });
    await tx.objectStore('chunks').put({ generation: id, columns });
    for (let first = 0; first < chunks; first += 64) {
      const count = Math.min(64, chunks - first);
      await tx.objectStore('vectors').put({
        generation: id,
        first,
        count,
        data: data.slice(first * DIMENSIONS, (first + count) * DIMENSIONS),
      });
    }
  });
}

async function points(
  projection: 'pca' | 'umap',
  signal = new AbortController().signal,
  onSaid = () => {},
): Promise<MapPoints> {
  const { port, release } = portOf(signal);
  try {
    return await methods.mapPoints('c', projection, port, ({ stage }) => {
      said.push(stage);
      onSaid();
    });
  } finally {
    release();
  }
}

it('puts every chunk on the plane, files by path, with clusters named by their words', async () => {
  await putFile('two', 'b.txt', 150);
  await putFile('one', 'a.txt', 90);
  const map = await points('pca');
  expect(map.files).toEqual([
    { fileId: 'one', count: 90 },
    { fileId: 'two', count: 150 },
  ]);
  expect(map.points.length).toBe(480);
  expect(map.points.every(value => Math.abs(value) <= 1)).toBe(true);
  expect(map.clusters.length).toBe(3);
  // Chunks of one topic are one cluster, and its label is of the topic's words.
  for (const [topic, words] of TOPICS.entries()) {
    const cluster = map.clusterOf[topic] ?? 255;
    for (const word of map.clusters[cluster]?.label.split(', ') ?? []) expect(words).toContain(word);
  }
  // How far it is comes now and then: of a small collection hardly more than one step is told.
  expect(['Reading vectors', 'Naming clusters']).toEqual(expect.arrayContaining(said.slice(0, 1)));
  expect(said.length).toBeGreaterThan(0);
});

it('the same vectors give the same points; other vectors another map', async () => {
  await putFile('one', 'a.txt', 120);
  for (const projection of ['pca', 'umap'] as const) {
    const first = await points(projection);
    // The one that is kept serves as it is; without it the same is made anew, and kept.
    const [kept] = await db.read(['meta'], tx => tx.objectStore('meta').getAll(mapKeys('c')));
    if (!kept || !('map' in kept)) throw new Error('No map was kept.');
    const marked = { ...first, points: first.points.map(() => 0.5) };
    await db.write(['meta'], tx => tx.objectStore('meta').put({ ...kept, map: marked }));
    expect(await points(projection)).toEqual(marked);
    await db.write(['meta'], tx => tx.objectStore('meta').delete(mapKeys('c')));
    expect(await points(projection)).toEqual(first);
    await db.write(['meta'], tx => tx.objectStore('meta').delete(mapKeys('c')));
  }
  await putFile('two', 'b.txt', 60);
  expect((await points('umap')).points.length).toBe(360);
  await deleteFiles(db, ['one'], Date.now());
  expect((await points('umap')).files).toEqual([{ fileId: 'two', count: 60 }]);
});

it('no map is kept that has words of a file that is gone for good', async () => {
  await putFile('one', 'a.txt', 90);
  await points('pca');
  const kept = () => db.read(['meta'], tx => tx.objectStore('meta').count(mapKeys('c')));
  expect(await kept()).toBe(1);
  await deleteFiles(db, ['one'], Date.now() - UNDO_MS - 1);
  await purge(db, Date.now());
  expect(await kept()).toBe(0);
});

it('an abort ends it at once, and the next map is made all the same', async () => {
  await putFile('one', 'a.txt', 3_000);
  const abort = new AbortController();
  // Its first word is told at once; the map is made a good while after.
  const taken = points('umap', abort.signal, () => abort.abort());
  await expect(taken).rejects.toMatchObject({ name: 'AbortError' });
  expect((await points('pca')).points.length).toBe(6_000);
});

it('tells how chunks begin and where they stand; nothing of those that are gone', async () => {
  await putFile('one', 'a.txt', 10);
  const places = [
    { fileId: 'one', ordinal: 3 },
    { fileId: 'gone', ordinal: 0 },
    { fileId: 'one', ordinal: 99 },
  ];
  const [here, gone, past] = await methods.chunkGlances(places, 14);
  expect(here).toEqual({ text: 'the harbour an', page: 4, headings: ['Part 1'] });
  expect([gone?.text, past?.text]).toEqual(['', '']);
});

it('a collection without vectors has an empty map', async () => {
  const map = await points('pca');
  expect([map.points.length, map.files, map.clusters]).toEqual([0, [], []]);
});
