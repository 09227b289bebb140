import { openAsBlob } from 'node:fs';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ModelInfo, TokenizerSpec } from '../domain/model.ts';
import { type Recipe, VERSIONS } from '../domain/recipe.ts';
import { readModel } from '../gguf/model-info.ts';
import { IngestService } from './ingest-service.ts';
import type { KnownText, Reader, ReaderModel } from './reader.ts';
import { createSentenceVectors, type SentenceVectorStore } from './sentence-vectors.ts';

const info = { id: 'm', name: 'm', dimensions: 2, contextLength: 512, pooling: 'mean' } as ModelInfo;
let spec: TokenizerSpec;
let model: ReaderModel;
beforeAll(async () => {
  const blob = await openAsBlob('public/models/all-MiniLM-L6-v2-Q8_0.gguf');
  spec = (await readModel(blob, 'all-MiniLM-L6-v2-Q8_0.gguf', 'test')).tokenizer;
  model = { info, tokenizer: spec };
});

const signal = new AbortController().signal;
const recipe: Recipe = {
  modelId: 'm',
  strategy: 'semantic',
  chunkSize: 512,
  overlap: 0,
  embedHeadings: false,
  documentPrefix: '',
  queryPrefix: '',
  pooling: 'mean',
  normalize: true,
  dimensions: 2,
  versions: VERSIONS,
};

/** The service itself in the place of its worker. */
function readerHere(): Reader {
  const service = new IngestService();
  service.open(spec, info.contextLength);
  return {
    read: (blob, path, ...[asked]) => service.read(blob, path, asked),
    async rechunk(text, asked, _model, _signal, turns) {
      const columns = await service.rechunk(text.id, asked, turns, await text.parts());
      if (!columns) throw new Error('No chunks.');
      return columns;
    },
    sentences: async (text, prefix) => service.sentences(text.id, prefix, await text.parts()) ?? [],
    close: () => {},
  };
}

const known = (id: string, text: string): KnownText => ({
  id,
  length: text.length,
  parts: async () => ({ pages: [text], length: text.length, blocks: [] }),
});
const rivers = (count: number) => 'The river runs slowly to the distant sea. '.repeat(count);
const trains = (count: number) => 'A train leaves the old station at noon. '.repeat(count);

/** Sentences that the engine was given. */
let embedded: string[];
let onEmbed: () => void;
let store: SentenceVectorStore;
const engine: Parameters<typeof createSentenceVectors>[0] = {
  async embed(_recipe, inputs, aborted) {
    onEmbed();
    aborted.throwIfAborted();
    embedded.push(...inputs.map(({ text }) => text));
    return Float32Array.from(inputs.flatMap(({ text }) => (text.includes('train') ? [0, 3] : [5, 0])));
  },
};
beforeEach(() => {
  embedded = [];
  onEmbed = () => {};
  store = createSentenceVectors(engine);
});

describe('chunking by meaning', () => {
  it('breaks where the vectors of the sentences turn', async () => {
    const text = rivers(8) + trains(8);
    const sized = { ...recipe, chunkSize: 200 };
    const columns = await store.rechunk(readerHere(), known('x', text), sized, model, signal);
    expect(columns.picked).toBeUndefined();
    expect([...columns.starts]).toEqual([0, text.indexOf('A train')]);
  });

  it('embeds each sentence once, with the prefix, whatever the sizes', async () => {
    const reader = readerHere();
    const text = known('x', rivers(3) + trains(3));
    expect(await store.missing(reader, text, recipe, model, signal)).toEqual({ missing: 6, all: 6 });
    for (const chunkSize of [512, 40, 16])
      await store.rechunk(reader, text, { ...recipe, chunkSize }, model, signal);
    expect(embedded).toHaveLength(6);
    expect(await store.missing(reader, text, recipe, model, signal)).toEqual({ missing: 0, all: 6 });
    await store.rechunk(reader, text, { ...recipe, documentPrefix: 'passage: ' }, model, signal);
    expect(embedded).toHaveLength(12);
    expect(embedded[6]).toBe('passage: The river runs slowly to the distant sea.');
  });

  it('goes on after an abort with what is not embedded yet', async () => {
    const reader = readerHere();
    const text = known('x', rivers(500) + trains(500));
    const abort = new AbortController();
    onEmbed = () => embedded.length > 0 && abort.abort();
    await expect(store.rechunk(reader, text, recipe, model, abort.signal)).rejects.toMatchObject({
      name: 'AbortError',
    });
    expect(embedded.length).toBeGreaterThan(0);
    expect(await store.missing(reader, text, recipe, model, signal)).toEqual({
      missing: 1000 - embedded.length,
      all: 1000,
    });
    onEmbed = () => {};
    await store.rechunk(reader, text, recipe, model, signal);
    expect(embedded).toHaveLength(1000);
  });

  it('says how far it is, up to the last batch', async () => {
    const text = known('x', rivers(500) + trains(500));
    const heard: [number, number][] = [];
    const hear = (done: number, all: number) => heard.push([done, all]);
    await store.rechunk(readerHere(), text, recipe, model, signal, hear);
    expect(heard.length).toBeGreaterThan(1);
    expect(heard[0]).toEqual([0, 1000]);
    expect(heard.map(([done]) => done)).toEqual(heard.map(([done]) => done).sort((a, b) => a - b));
    heard.length = 0;
    await store.rechunk(readerHere(), text, { ...recipe, breakPercentile: 50 }, model, signal, hear);
    expect(heard).toEqual([]);
  });

  it('reads a file and chunks it in one', async () => {
    const text = rivers(8) + trains(8);
    const file = { blob: new Blob([text]), path: 'notes.txt', textId: 'x' };
    const { columns, pages } = await store.read(
      readerHere(),
      file,
      { ...recipe, chunkSize: 200 },
      model,
      signal,
    );
    expect(pages.join('')).toBe(text);
    expect([...columns.starts]).toEqual([0, text.indexOf('A train')]);
    const bySize = await store.read(readerHere(), file, { ...recipe, strategy: 'sentence' }, model, signal);
    expect(bySize.columns.count).toBe(1);
    expect(embedded).toHaveLength(16);
  });

  it('cuts a text of too many sentences without vectors, and says so', async () => {
    store = createSentenceVectors(engine, 5 * 2 * Float32Array.BYTES_PER_ELEMENT);
    const columns = await store.rechunk(readerHere(), known('x', rivers(6)), recipe, model, signal);
    expect([columns.picked, embedded.length]).toEqual(['recursive', 0]);
  });

  it('forgets the text that was not used for the longest time', async () => {
    store = createSentenceVectors(engine, 5 * 2 * Float32Array.BYTES_PER_ELEMENT);
    const reader = readerHere();
    const [x, y] = [known('x', rivers(3)), known('y', trains(3))];
    await store.rechunk(reader, x, recipe, model, signal);
    await store.rechunk(reader, y, recipe, model, signal);
    expect(await store.missing(reader, y, recipe, model, signal)).toMatchObject({ missing: 0 });
    expect(await store.missing(reader, x, recipe, model, signal)).toMatchObject({ missing: 3 });
  });

  it('is not paid for by other strategies', async () => {
    const sentence = { ...recipe, strategy: 'sentence' };
    await store.rechunk(readerHere(), known('x', rivers(3)), sentence, model, signal);
    expect(embedded).toEqual([]);
  });
});
