import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VecdropError } from '../domain/errors.ts';
import type { EmbedInput } from '../embed/embedder.ts';
import { inputError } from '../embed/rejected.ts';
import { getCollection, putCollection, setRecipe } from '../store/collections.ts';
import { type Database, deleteDatabase, openDatabase } from '../store/database.ts';
import {
  cancelFiles,
  deleteFiles,
  getFile,
  liveFiles,
  replaceContent,
  restoreFiles,
} from '../store/files.ts';
import { readVector } from '../store/vectors.ts';
import type { Engines, Served } from './engines.ts';
import { defaultRecipe } from './models.ts';
import { createPipeline, type Pipeline } from './pipeline.ts';
import type { Reader } from './reader.ts';
import { createSentenceVectors } from './sentence-vectors.ts';
import { info, models, putWaiting, sentenceSpans, wordChunks } from './testing.ts';

const NAME = 'vecdrop-pipeline-test';
let db: Database;
let pipeline: Pipeline;
let stop: AbortController;
let running: Promise<unknown>;
/** Texts that the engine was given, in order. */
let embedded: string[];
let readPaths: string[];
/** What the next reads and embeds do, by path and by text. */
let onRead: (path: string, signal: AbortSignal) => Promise<void>;
let onEmbed: (texts: string[], signal: AbortSignal) => Promise<void>;
/** When the engine takes more. */
let onFree: () => Promise<void>;

const reader: Reader = {
  async read(blob, path, _recipe, _model, signal) {
    readPaths.push(path);
    await onRead(path, signal);
    const text = await blob.text();
    return { pages: [text], length: text.length, blocks: [], format: 'plain', columns: wordChunks(text) };
  },
  rechunk: async text => wordChunks((await text.parts()).pages.join('')),
  sentences: async text => sentenceSpans((await text.parts()).pages.join('')),
  close: () => {},
};

const vectorOf = (text: string) => [text.length, text.charCodeAt(0)];
const pool: Served = {
  whenFree: () => onFree(),
  async embed(batch: readonly EmbedInput[], signal) {
    const texts = batch.map(input => input.text);
    await onEmbed(texts, signal);
    signal.throwIfAborted();
    embedded.push(...texts);
    return { data: Float32Array.from(texts.flatMap(vectorOf)), dimensions: 2 };
  },
};
const sentences = createSentenceVectors({
  embed: async (_, inputs, signal) => (await pool.embed(inputs, signal)).data,
});
const engines: Engines = {
  get: async () => pool,
  makeRoom: () => {},
  test: async () => ({ taken: 'wllama-cpu', overruled: false, reports: [] }),
  close: async () => {},
};

const put = (path: string, text: string, attempts = 0) => putWaiting(db, path, text, attempts);

function start(): void {
  stop = new AbortController();
  running = pipeline.run(stop.signal).catch(error => error);
}

async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await condition())) await new Promise(done => setTimeout(done, 5));
}
const state = async (id: string) => (await getFile(db, id))?.state;
const hang = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason));
  });

beforeEach(async () => {
  await deleteDatabase(NAME);
  db = await openDatabase({ name: NAME, onBlocked: () => {} });
  await putCollection(db, { id: 'c', name: 'c', recipe: defaultRecipe(info), createdAt: 1 });
  embedded = [];
  readPaths = [];
  onRead = async () => {};
  onEmbed = async () => {};
  onFree = async () => {};
  pipeline = createPipeline({
    db,
    reader,
    sentences,
    models,
    engines,
    onTokens: () => {},
    onProgress: () => {},
  });
  db.onChange(() => pipeline.check());
  start();
});
afterEach(async () => {
  stop.abort();
  await running;
  db.close();
});

describe('the pipeline', () => {
  it('embeds what is added, in order, and stores every vector with its chunk', async () => {
    await put('a', 'one three');
    await put('b', 'four');
    await until(async () => (await state('b')) === 'done');
    expect(embedded).toEqual(['one', 'three', 'four']);
    const file = await getFile(db, 'a');
    expect(file).toMatchObject({ state: 'done', attempts: 0, current: { chunks: 2, done: 2 } });
    expect(await readVector(db, file?.current?.id ?? '', 1)).toEqual(Float32Array.from(vectorOf('three')));
  });

  it('reads the next file while one embeds', async () => {
    let release = () => {};
    onEmbed = () =>
      new Promise(resolve => {
        release = resolve;
      });
    await put('a', 'one');
    await put('b', 'two');
    await until(() => readPaths.includes('b'));
    expect(await state('a')).toBe('embedding');
    onEmbed = async () => {};
    release();
    await until(async () => (await state('b')) === 'done');
  });

  it('begins a long file while the last texts of the one before it are with the engine', async () => {
    let free = () => {};
    onFree = () =>
      new Promise(resolve => {
        free = resolve;
      });
    let release = () => {};
    const held = new Promise<void>(resolve => {
      release = resolve;
    });
    onEmbed = texts => (texts.includes('first') ? held : Promise.resolve());
    // Two calls' worth, and more than is read ahead.
    await put('a', Array.from({ length: 100 }, () => 'first').join(' '));
    await put('b', Array.from({ length: 1000 }, () => 'abcdefghijklmnopqrst').join(' '));
    await until(async () => (await getFile(db, 'b'))?.growing !== undefined);
    await until(() => pipeline.active.every(({ stage }) => stage === 'embedding'));
    // News of the database, which come late, would wake it by chance.
    pipeline.check = () => {};
    onFree = async () => {};
    free();
    await until(() => embedded.length > 0);
    expect(await state('a')).toBe('embedding');
    release();
    await until(async () => (await state('b')) === 'done');
    expect(await state('a')).toBe('done');
  });

  it('goes on where it was after a stop, embedding nothing twice that was committed', async () => {
    const text = Array.from(
      { length: 200 },
      (_, i) =>
        `w${'abcdefghij'[i % 10]}${'abcdefghij'[Math.floor(i / 10) % 10]}${'ab'[Math.floor(i / 100)]}`,
    ).join(' ');
    let calls = 0;
    onEmbed = async (_, signal) => {
      calls += 1;
      if (calls > 2) await hang(signal);
    };
    await put('a', text);
    await until(() => calls > 2);
    stop.abort();
    await running;
    const committed = (await getFile(db, 'a'))?.growing?.done ?? 0;
    expect(committed).toBeGreaterThan(0);
    expect((await getFile(db, 'a'))?.attempts).toBe(0);
    onEmbed = async () => {};
    start();
    await until(async () => (await state('a')) === 'done');
    expect(embedded.length).toBe(200);
    expect(readPaths).toEqual(['a']);
  });

  it('fails a file whose stored text is gone, rather than embed nothing in its place', async () => {
    let asked = false;
    onEmbed = async (_, signal) => {
      asked = true;
      await hang(signal);
    };
    await put('a', 'one two');
    await until(() => asked);
    stop.abort();
    await running;
    await db.write(['documents'], tx => tx.objectStore('documents').clear());
    start();
    await until(async () => (await state('a')) === 'failed');
    expect((await getFile(db, 'a'))?.error?.code).toBe('file/unreadable');
    expect(embedded).toEqual([]);
  });

  it('a death that several files shared is forgiven when one of them gets on', async () => {
    stop.abort();
    await running;
    await put('a', 'one', 1);
    await put('b', 'two', 2);
    onRead = async (path, signal) => {
      if (path === 'b') await hang(signal);
    };
    start();
    await until(() => readPaths.includes('b'));
    expect(await state('a')).toBe('done');
    // Its own attempt only, which has begun.
    expect((await getFile(db, 'b'))?.attempts).toBe(1);
  });

  it('stops work on a file that is cancelled, and does the rest', async () => {
    onEmbed = (texts, signal) => (texts[0] === 'slow' ? hang(signal) : Promise.resolve());
    await put('a', 'slow');
    await put('b', 'quick');
    await until(() => pipeline.active.some(({ fileId, stage }) => fileId === 'a' && stage === 'embedding'));
    await cancelFiles(db, ['a']);
    await until(async () => (await state('b')) === 'done');
    expect(await state('a')).toBe('cancelled');
  });

  it('cancels a file while it is being read', async () => {
    onRead = (path, signal) => (path === 'a' ? hang(signal) : Promise.resolve());
    await put('a', 'one');
    await put('b', 'two');
    await until(() => readPaths.includes('a'));
    await cancelFiles(db, ['a']);
    await until(async () => (await state('b')) === 'done');
    expect(await state('a')).toBe('cancelled');
  });

  it('leaves a removed file alone, and takes it up again after an undo', async () => {
    onEmbed = (_, signal) => hang(signal);
    await put('a', 'one');
    await until(() => pipeline.active.some(({ stage }) => stage === 'embedding'));
    await deleteFiles(db, ['a'], Date.now());
    await until(() => pipeline.active.length === 0);
    onEmbed = async () => {};
    await restoreFiles(db, ['a']);
    await until(async () => (await state('a')) === 'done');
  });

  it('fails a file whose own content is at fault, with its sentence, and does the rest', async () => {
    onRead = async path => {
      if (path === 'a') throw new VecdropError('file/binary', 'This file is not text.');
    };
    await put('a', 'one');
    await put('b', 'two');
    await until(async () => (await state('b')) === 'done');
    expect(await getFile(db, 'a')).toMatchObject({
      state: 'failed',
      error: { code: 'file/binary', message: 'This file is not text.' },
    });
  });

  it('tries again what nobody foresaw, and fails the file at the third time with what was said', async () => {
    let failures = 2;
    onEmbed = async texts => {
      if (texts[0] === 'evil') throw new TypeError('x is not a function');
      if (texts[0] === 'odd' && failures-- > 0) throw new TypeError('y is not a function');
    };
    await put('a', 'evil');
    await put('b', 'odd');
    await until(async () => (await state('b')) === 'done');
    await until(async () => (await state('a')) === 'failed');
    expect((await getFile(db, 'a'))?.error).toMatchObject({
      code: 'internal',
      detail: 'TypeError: x is not a function',
    });
  });

  it('embeds the sentences of a file that is chunked by meaning before its chunks, through a pause', async () => {
    const collection = await getCollection(db, 'c');
    if (collection)
      await putCollection(db, { ...collection, recipe: { ...collection.recipe, strategy: 'semantic' } });
    onEmbed = (texts, signal) => (texts.some(text => text.includes(' ')) ? hang(signal) : Promise.resolve());
    await put('a', 'one two. three four.');
    await until(() => readPaths.length === 1);
    stop.abort();
    await running;
    expect([await state('a'), embedded]).toEqual(['waiting', []]);
    onEmbed = async () => {};
    start();
    await until(async () => (await state('a')) === 'done');
    expect(embedded).toEqual(['one two.', 'three four.', 'one', 'two.', 'three', 'four.']);
  });

  it('fails a file at the third death of its reader, and does the rest', async () => {
    onRead = async path => {
      if (path === 'a') throw new VecdropError('worker/died', 'The file reader stopped unexpectedly.');
    };
    await put('a', 'one');
    await put('b', 'two');
    await until(async () => (await state('b')) === 'done');
    await until(async () => (await state('a')) === 'failed');
    expect(readPaths.filter(path => path === 'a').length).toBe(3);
    expect((await getFile(db, 'a'))?.error?.message).toContain('three times');
  });

  it('fails a file that stopped the whole page three times, and says where', async () => {
    await put('a', 'one', 3);
    await until(async () => (await state('a')) === 'failed');
    expect(readPaths).toEqual([]);
  });

  it('works alone on a file that stopped the page before, so that no other shares the blame', async () => {
    onEmbed = async texts => {
      if (texts[0] === 'suspect') expect(pipeline.active.map(({ fileId }) => fileId)).toEqual(['b']);
    };
    await put('a', 'one');
    await put('b', 'suspect', 2);
    await put('d', 'two');
    await until(async () => (await state('d')) === 'done');
    expect(embedded).toEqual(['one', 'suspect', 'two']);
  });

  it('names the chunk that an engine refuses', async () => {
    onEmbed = async texts => {
      const at = texts.indexOf('evil');
      if (at >= 0) throw inputError('chunk/rejected', at, 'The engine stopped three times at this text.');
    };
    await put('a', 'good evil fine');
    await until(async () => (await state('a')) === 'failed');
    expect((await getFile(db, 'a'))?.error).toEqual({
      code: 'chunk/rejected',
      message: 'The engine stopped three times at this text. It was chunk 2 of 3.',
    });
  });

  it('stops as a whole when the disk is full or the engine fails, losing no file', async () => {
    onEmbed = async () => {
      throw new VecdropError('engine/failed', 'The engine failed.');
    };
    await put('a', 'one');
    expect(await running).toMatchObject({ code: 'engine/failed' });
    expect(await getFile(db, 'a')).toMatchObject({ attempts: 0, queue: expect.any(Number) });
    onEmbed = async () => {};
    start();
    await until(async () => (await state('a')) === 'done');
  });

  it('embeds of a changed file only the chunks whose text is new, the old vectors serving meanwhile', async () => {
    await put('a', 'one two three');
    await until(async () => (await state('a')) === 'done');
    const before = await getFile(db, 'a');
    embedded = [];
    const blob = new Blob(['zero one three four']);
    await db.write(['files', 'blobs', 'meta'], async (tx, stamp) => {
      if (before) await replaceContent(tx, before, { blob, sha256: 'changed' }, stamp);
    });
    expect((await getFile(db, 'a'))?.current?.id).toBe(before?.current?.id);
    await until(async () => (await state('a')) === 'done');
    expect(embedded).toEqual(['zero', 'four']);
    const after = await getFile(db, 'a');
    const vectors = await Promise.all([0, 1, 2, 3].map(i => readVector(db, after?.current?.id ?? '', i)));
    expect(vectors).toEqual(['zero', 'one', 'three', 'four'].map(word => Float32Array.from(vectorOf(word))));
  });

  it('embeds the same content once, in whatever folder it lies', async () => {
    await put('x/a', 'one two');
    await until(async () => (await state('x/a')) === 'done');
    await put('y/a', 'one two');
    await until(async () => (await state('y/a')) === 'done');
    expect(embedded).toEqual(['one', 'two']);
    expect((await getFile(db, 'y/a'))?.current?.done).toBe(2);
  });

  it('brings a collection to its next recipe without reading files again', async () => {
    await put('a', 'one two');
    await until(async () => (await state('a')) === 'done');
    await setRecipe(db, 'c', { ...defaultRecipe(info), documentPrefix: 'p ' });
    await until(async () => (await getCollection(db, 'c')).nextRecipe === undefined);
    expect((await getCollection(db, 'c')).recipe.documentPrefix).toBe('p ');
    expect(embedded.slice(2)).toEqual(['p one', 'p two']);
    expect(readPaths).toEqual(['a']);
    expect((await liveFiles(db, 'c')).map(file => [file.state, file.growing])).toEqual([['done', undefined]]);
  });
});
