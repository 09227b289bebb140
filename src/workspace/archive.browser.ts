import { zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TEXT_PAGE } from '../domain/document.ts';
import { VecdropError } from '../domain/errors.ts';
import { embeddingKey, type Recipe, recipeKey } from '../domain/recipe.ts';
import { archivePieces } from '../export/archive.ts';
import type { AppParts } from '../export/format.ts';
import { toBlob } from '../export/save.ts';
import { putCollection } from '../store/collections.ts';
import { DATA_STORES, type Database, deleteDatabase, openDatabase } from '../store/database.ts';
import { writeDocument } from '../store/documents.ts';
import { addUpload, deleteFiles, getFile } from '../store/files.ts';
import { dropDeadImports, staged, stageFiles } from '../store/imports.ts';
import { commitBlock, commitChunks, finishFile } from '../store/queue.ts';
import { eraseAll, purge } from '../store/sweep.ts';
import { importArchive } from './archive-import.ts';
import { archiveSource } from './archive-source.ts';
import { exportPieces } from './collection-export.ts';
import type { Models } from './models.ts';
import { wordChunks } from './testing.ts';

const NAME = 'vecdrop-archive-test';
const recipe: Recipe = {
  modelId: 'm',
  strategy: 'recursive',
  chunkSize: 200,
  overlap: 20,
  breakPercentile: 75,
  embedHeadings: true,
  documentPrefix: 'passage: ',
  queryPrefix: 'query: ',
  pooling: 'mean',
  normalize: true,
  dimensions: 3,
  versions: { parser: 1, chunker: 3, tokenizer: 1 },
};
const models = { info: async () => ({ name: 'Tiny' }) } as unknown as Models;
const never = new AbortController().signal;
const silent = () => {};
/** What only a web page takes of the app. */
const noParts: AppParts = {
  file() {
    throw new Error('An archive has nothing of the app in it.');
  },
};

let db: Database;
beforeEach(async () => {
  await deleteDatabase(NAME);
  db = await openDatabase({ name: NAME, onBlocked: silent });
  await putCollection(db, { id: 'c', name: 'Harbour papers', recipe, createdAt: 5 });
});
afterEach(() => db.close());

/** Adds a file of words with `done` of its vectors, in blocks of 7; its original is kept as bytes, or as a Blob. */
async function addFile(
  path: string,
  text: string,
  done: number | 'all',
  keptAs: 'bytes' | 'Blob' = 'bytes',
): Promise<string> {
  const blob = new Blob([text]);
  const bytes = keptAs === 'bytes' ? { bytes: await blob.arrayBuffer() } : {};
  const content = { blob, ...bytes, modifiedAt: 12_345, sha256: `hash of ${path}` };
  const upload = { filename: path, purpose: 'assistants' };
  const { id, sha256 } = await addUpload(db, 'c', content, upload);
  const document = crypto.randomUUID();
  const pages: string[] = [];
  for (let at = 0; at < text.length; at += TEXT_PAGE) pages.push(text.slice(at, at + TEXT_PAGE));
  const blocks = [
    { start: 0, end: 4, kind: 'heading' as const, level: 2, page: 1 },
    { start: 5, end: 9, kind: 'paragraph' as const },
  ];
  const head = { document, page: -1 as const, length: text.length, blocks, title: 'Títle', language: 'pt' };
  await writeDocument(db, head, pages);
  const columns = {
    ...wordChunks(text),
    headingPaths: [['Tides', 'Spring “tides”'], ['Unused'], []],
    contexts: ['', 'Tides\n'],
    contextOf: Uint32Array.from({ length: wordChunks(text).count }, (_, i) => i % 2),
    picked: 'row',
  };
  const generation = crypto.randomUUID();
  await commitChunks(
    db,
    id,
    {
      id: generation,
      document,
      sha256,
      parser: 1,
      recipeKey: recipeKey(recipe),
      embeddingKey: embeddingKey(recipe),
      chunks: columns.count,
      done: 0,
      tokens: 99,
      unknown: 1,
      pages: 2,
      notice: 'no text on page 2',
    },
    columns,
    'plain',
  );
  const wanted = done === 'all' ? columns.count : done;
  for (let first = 0; first < wanted; first += 7) {
    const count = Math.min(7, wanted - first);
    // Numbers that text would not keep: the smallest, minus zero, a third.
    const data = Float32Array.from({ length: count * 3 }, (_, i) => [first / 3, -0, 1e-45][i % 3] as number);
    await commitBlock(db, id, { generation, first, count, data });
  }
  if (done === 'all') await finishFile(db, id, generation, true);
  return id;
}

/** All that is stored, with the bytes of Blobs; what every write makes anew is left out. */
async function everything(): Promise<Record<string, unknown[]>> {
  const found: Record<string, unknown[]> = {};
  for (const name of DATA_STORES) {
    const records = await db.read([name], tx => tx.objectStore(name).getAll());
    found[name] = await Promise.all(
      records.map(async record => {
        const { revision: _, queue, ...rest } = record as unknown as Record<string, unknown>;
        const blob = rest.blob instanceof Blob ? await rest.blob.arrayBuffer() : rest.blob;
        return {
          ...rest,
          ...(queue === undefined ? {} : { queue: 'waits' }),
          ...(blob ? { blob, isBlob: rest.blob instanceof Blob } : {}),
        };
      }),
    );
  }
  return found;
}

async function archived(originals = true): Promise<Blob> {
  const source = await archiveSource(db, models, 'c', { originals }, never);
  return toBlob(archivePieces(source), 'application/zip');
}

const words = (count: number) => Array.from({ length: count }, (_, i) => `word${i}`).join(' ');

/** Bytes of vectors as they are, −0 and all. */
const bytesOf = (records: unknown[]) =>
  records.map(record => Array.from(new Uint8Array((record as { data: Float32Array }).data.buffer)));

describe('an archive', () => {
  beforeEach(async () => {
    await addFile('notes/täg.txt', `${'x'.repeat(TEXT_PAGE - 3)} 𝄞 ${words(20)} \ud800 end`, 'all');
    await addFile('half.txt', words(30), 14, 'Blob');
    await addFile('../up \ud800.txt', words(3), 0);
  });

  it('brings back every record as it was, to the byte', async () => {
    const before = await everything();
    const archive = await archived();
    await eraseAll(db);
    expect((await everything()).files).toEqual([]);

    const report = await importArchive(db, archive, { name: 'Harbour papers' }, never, silent);
    const after = await everything();
    expect(after).toEqual(before);
    expect(bytesOf(after.vectors as never[])).toEqual(bytesOf(before.vectors as never[]));
    expect(report).toMatchObject({ collectionId: 'c', created: true, unchanged: 0, renamed: [] });
    expect(report.fileIds.length).toBe(3);
  });

  it('is written with each original read once', async () => {
    let reads = 0;
    const counting = Object.create(db, {
      read: {
        value: (...args: Parameters<Database['read']>) => {
          if (args[0].includes('blobs')) reads += 1;
          return db.read(...args);
        },
      },
    }) as Database;
    const source = await archiveSource(counting, models, 'c', { originals: true }, never);
    const before = reads;
    await toBlob(archivePieces(source), 'application/zip');
    expect(reads - before).toBe(3);
  });

  it('is written where the model is gone: the vectors are still the person’s', async () => {
    const gone = {
      async info() {
        throw new VecdropError('model/missing', 'The model is gone.');
      },
    } as unknown as Models;
    const options = { format: 'archive', originals: true };
    const { pieces, mediaType } = await exportPieces(db, gone, () => noParts, 'c', options, never, silent);
    const archive = await toBlob(pieces, mediaType);
    const { chunks } = await importArchive(db, archive, { name: 'Copy' }, never, silent);
    expect(chunks).toBe(57);
  });

  it('says how far it is, and is told from other zips', async () => {
    const archive = await archived();
    const told: number[] = [];
    let total = 0;
    await importArchive(db, archive, { name: 'Again' }, never, progress => {
      told.push(progress.done);
      total = progress.total;
    });
    // Ten times a second at the most: all of a small archive is over before the second time.
    expect(total).toBe(57 + 38 + 3);
    expect(told).toEqual(told.toSorted((a, b) => a - b));
    expect(told.at(-1)).toBeLessThanOrEqual(total);
    await expect(
      importArchive(db, new Blob([zipSync({ 'a.txt': new Uint8Array(9) })]), { name: 'No' }, never, silent),
    ).rejects.toMatchObject({ name: 'import/corrupt' });
  });

  it('stands beside the collection that it was made of under ids of its own', async () => {
    const report = await importArchive(db, await archived(), { name: 'Copy' }, never, silent);
    const { collections, files } = await everything();
    expect(report.collectionId).not.toBe('c');
    expect(collections?.length).toBe(2);
    expect(new Set(files?.map(file => (file as { id: string }).id)).size).toBe(6);
    // The copy lives on when the first one goes.
    await deleteFiles(
      db,
      (await everything()).files
        ?.map(file => (file as { id: string }).id)
        .filter(id => !report.fileIds.includes(id)) ?? [],
      0,
    );
    await purge(db, Date.now());
    const again = await archiveSource(db, models, report.collectionId, { originals: true }, never);
    expect(again.manifest.counts).toMatchObject({ files: 3, chunks: 57, originals: 3 });
    await expect(toBlob(archivePieces(again), '')).resolves.toBeInstanceOf(Blob);
  });

  it('joins a collection of the same recipe without doubling what is there, and no other', async () => {
    const archive = await archived();
    const same = await importArchive(db, archive, { collectionId: 'c' }, never, silent);
    expect(same).toMatchObject({ created: false, fileIds: [], unchanged: 3 });

    await putCollection(db, { id: 'd', name: 'Empty', recipe, createdAt: 6 });
    const into = await importArchive(db, archive, { collectionId: 'd' }, never, silent);
    expect(into.fileIds.length).toBe(3);
    expect(await getFile(db, into.fileIds[0] as string)).toMatchObject({ collectionId: 'd' });

    await putCollection(db, { id: 'e', name: 'Other', recipe: { ...recipe, chunkSize: 100 }, createdAt: 7 });
    await expect(importArchive(db, archive, { collectionId: 'e' }, never, silent)).rejects.toMatchObject({
      name: 'import/mismatch',
      message: expect.stringContaining('Other'),
    });
  });

  it('that is cut off or damaged anywhere imports nothing', async () => {
    const archive = new Uint8Array(await (await archived()).arrayBuffer());
    const before = await everything();
    const tries: Uint8Array<ArrayBuffer>[] = [];
    for (let i = 1; i < 12; i++) {
      tries.push(archive.slice(0, Math.floor((archive.length * i) / 12)));
      const hurt = archive.slice();
      const at = Math.floor((archive.length * i) / 12);
      hurt[at] = (hurt[at] ?? 0) ^ 0xff;
      tries.push(hurt);
    }
    let refused = 0;
    for (const bytes of tries) {
      await importArchive(db, new Blob([bytes]), { name: 'No' }, never, silent).then(
        // A byte that says nothing (a time) may be another: what came in is taken out to compare.
        ({ fileIds }) => deleteFiles(db, fileIds, 0),
        error => {
          expect(error.name).toMatch(/^import\//);
          refused += 1;
        },
      );
    }
    expect(refused).toBeGreaterThan(18);
    if (refused < tries.length) return;
    await purge(db, Date.now());
    expect(await everything()).toEqual(before);
  });

  it('that is cancelled leaves nothing', async () => {
    const archive = await archived();
    const before = await everything();
    const stop = new AbortController();
    const cancelled = importArchive(db, archive, { name: 'No' }, stop.signal, () => stop.abort());
    await expect(cancelled).rejects.toMatchObject({ name: 'AbortError' });
    await expect.poll(everything).toEqual(before);
  });

  it('leaves nothing either when its tab dies, and harms no import that goes on', async () => {
    const record = await getFile(
      db,
      (await everything()).files?.map(file => (file as { id: string }).id)[0] as string,
    );
    const before = await everything();
    const dead = { ...record, id: 'dead', collectionId: 'import:dead' } as NonNullable<typeof record>;
    await stageFiles(db, [dead]);
    await staged(db, async staging => {
      await stageFiles(db, [{ ...dead, id: 'alive', collectionId: staging }]);
      await dropDeadImports(db);
      expect(await getFile(db, 'dead')).toBeUndefined();
      expect(await getFile(db, 'alive')).toBeDefined();
      throw new Error('stop');
    }).catch(() => {});
    expect((await everything()).files).toEqual(before.files);
  });
});
