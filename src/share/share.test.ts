import { describe, expect, it } from 'vitest';
import { makeTinyGguf } from '../../scripts/make-tiny-gguf.ts';
import type { VectorPrecision } from '../domain/export.ts';
import type { Recipe } from '../domain/recipe.ts';
import type { ShareAbout, ShareBlockKind } from '../domain/share.ts';
import type { ExportParts, ExportRecord } from '../export/format.ts';
import { share } from '../export/formats/share.ts';
import { roundVector } from '../export/precision.ts';
import { awkwardRecords, bareApp, encoded } from '../export/testing.ts';
import { folded } from '../search/arrange.ts';
import { KeywordIndex } from '../search/bm25.ts';
import { find } from '../search/hybrid.ts';
import { VectorMatrix } from '../search/matrix.ts';
import { queryTerms } from '../search/terms.ts';
import { fromBase64 } from './base64.ts';
import { createFinder, type Finder } from './finder.ts';
import { joined } from './joined.ts';
import { openQuestions } from './question.ts';
import { readVectors } from './vectors.ts';
import { madeWords, readingWords } from './words.ts';

const gguf = makeTinyGguf();
const recipe: Recipe = {
  modelId: 'tiny',
  strategy: 'recursive',
  chunkSize: 200,
  overlap: 20,
  embedHeadings: true,
  documentPrefix: '',
  queryPrefix: 'query: ',
  pooling: 'mean',
  normalize: true,
  dimensions: 32,
  versions: { parser: 1, chunker: 1, tokenizer: 1 },
};
const app: ExportParts = {
  ...bareApp,
  model: {
    bytes: gguf.length,
    async *read() {
      // In pieces of an odd size, as a stream gives them.
      for (let at = 0; at < gguf.length; at += 50_001) yield gguf.subarray(at, at + 50_001);
    },
  },
};

const WORDS =
  'harbour tide lock keeper gate bread oven curlew mud worm barge rope lamp pilot sill gauge'.split(' ');

/** Texts of different words in three files, with vectors of the small model. */
async function makeRecords(count: number): Promise<ExportRecord[]> {
  const embed = await openQuestions(new Blob([gguf]), { ...recipe, queryPrefix: '' });
  const records: ExportRecord[] = [];
  for (let index = 0; index < count; index++) {
    const text = Array.from(
      { length: 12 },
      (_, i) => WORDS[(index * 7 + i * (1 + (index % 5))) % WORDS.length],
    ).join(' ');
    const ordinal = Math.floor(index / 3);
    records.push({
      ...(awkwardRecords[0] as ExportRecord),
      index,
      ordinal,
      file: `notes/${Math.floor((index * 3) / count)}.md`,
      text: `${text}.`,
      start: ordinal * 50,
      end: ordinal * 50 + text.length + 1,
      headings: [`Part ${index % 4}`],
      embedding: await embed(text),
    });
  }
  return records;
}

/** The page as text, what it says about itself, and its blocks, as a browser reads them. */
async function shared(
  records: readonly ExportRecord[],
  changes: Parameters<typeof encoded>[2] = {},
  given = app,
) {
  const header = { recipe, dimensions: 32, ...changes };
  const html = new TextDecoder('utf-8', { fatal: true }).decode(
    await encoded(share, records, header, 'html', given),
  );
  const about: ShareAbout = JSON.parse(/id="about">(.*?)<\/script>/s.exec(html)?.[1] ?? '');
  const blocks = [...html.matchAll(/<script type="text\/plain" data-block="(\w+)">(.*?)<\/script>/gs)].map(
    ([, kind, text]) => ({ kind: kind as ShareBlockKind, text: text as string }),
  );
  return { html, about, blocks };
}

async function opened({
  about,
  blocks,
}: Pick<Awaited<ReturnType<typeof shared>>, 'about' | 'blocks'>): Promise<Finder> {
  const finder = createFinder();
  await finder.open(about);
  for (const { kind, text } of blocks) if (kind !== 'end') await finder.add(kind, text);
  expect((await finder.end()).model).toBe(about.meaning ? 'ready' : 'none');
  return finder;
}

describe('a shared page', () => {
  it.each(['float32', 'float16', 'int8'] as const)(
    'finds by meaning and by words what the search finds in the same vectors (%s)',
    async precision => {
      const records = await makeRecords(90);
      const finder = await opened(await shared(records, { precision }));
      const { matrix, words } = await searchedDirectly(records, precision);
      const embed = await openQuestions(new Blob([gguf]), recipe);
      for (const text of ['who keeps the lock', 'bread oven', 'curlew', 'a lamp on the pier']) {
        for (const balance of [0, 0.5, 1]) {
          const vector = await embed(text);
          const terms = queryTerms(text, true);
          const found = await find({ matrix, words, read: never }, { terms, balance, vector, most: 200 });
          const expected = folded(found.slice(0, 40), {
            vector: row => matrix.direction(row),
            sameText: (a, b) => records[a]?.text === records[b]?.text && a % 4 === b % 4,
          }).slice(0, 20);
          const { hits, meaning } = await finder.ask({ text, balance, limit: 20 });
          const rows = hits.map(({ path, ordinal }) => Number(path[6]) * 30 + ordinal);
          expect(rows).toEqual(expected.map(({ row }) => row));
          expect(hits.map(({ score }) => score)).toEqual(expected.map(({ score }) => score));
          expect(meaning).toBe(balance === 0 ? 'off' : 'used');
          expect(hits.length).toBeGreaterThan(0);
        }
      }
    },
  );

  it('is small without vectors and model, and finds the same words; without vectors only equal texts are folded', async () => {
    const records = await makeRecords(30);
    const small = await shared(records, { columns: new Set(['text'] as const) });
    expect(new Set(small.blocks.map(({ kind }) => kind))).toEqual(new Set(['texts', 'end']));
    expect(small.about.meaning).toBeUndefined();
    const finder = await opened(small);
    const { hits } = await finder.ask({ text: 'bread', balance: 0, limit: 60 });
    const { words } = await searchedDirectly(records, 'float32');
    const { rows } = words.topK(queryTerms('bread', true), 60);
    expect(hits.map(({ path, ordinal }) => Number(path[6]) * 10 + ordinal)).toEqual([...rows]);
    // The same for a model that does not come with the app.
    const { blocks } = await shared(records, {}, bareApp);
    expect(blocks).toEqual(small.blocks);
  });

  it('answers by words while the model is still to come', async () => {
    const { about, blocks } = await shared(await makeRecords(30));
    const finder = createFinder();
    await finder.open(about);
    const question = { text: 'curlew', balance: 0.5, limit: 5 };
    expect(await finder.ask(question)).toMatchObject({ hits: [], meaning: 'wait', behind: true });
    for (const { kind, text } of blocks) if (kind === 'texts') await finder.add(kind, text);
    const early = await finder.ask(question);
    expect(early).toMatchObject({ meaning: 'wait', behind: true });
    expect(early.hits[0]?.words).toBeGreaterThan(0);
    // Where the file is cut short there, it does not come.
    expect(await finder.end()).toMatchObject({ model: 'failed', texts: 30, vectors: 0 });
    expect(await finder.ask(question)).toMatchObject({ hits: early.hits, meaning: 'gone' });
  });

  it('says when a question is longer than the model reads, and finds it by words', async () => {
    const finder = await opened(await shared(await makeRecords(6)));
    const { hits, notice } = await finder.ask({ text: 'curlew '.repeat(600), balance: 0.5, limit: 5 });
    expect(notice).toMatch(/Found by words only.*Make it shorter/);
    expect(hits[0]?.words).toBeGreaterThan(0);
  });

  it('is unharmed by what texts, paths and names hold', async () => {
    const [record] = await makeRecords(1);
    const texts = [
      '</script><script>alert(1)</script>',
      '<!--<script>',
      '\u2028\u2029 𝄞 \ufeff',
      '',
      '__proto__ is no key',
    ];
    const records = texts.map((text, ordinal) => ({
      ...(record as ExportRecord),
      text,
      ordinal,
      start: ordinal * 100,
      end: ordinal * 100 + text.length,
      file: ordinal < 3 ? '__proto__' : 'constructor/</script>.md',
      headings: ordinal === 1 ? ['</script>', '__proto__'] : [],
    }));
    const collection = '</title></script><!-- "quoted" & \u2028';
    const page = await shared(records, { collection });
    expect(page.about.collection).toBe(collection);
    expect(page.html.match(/<script/g)).toHaveLength(1 + page.blocks.length);
    expect(page.html).not.toContain('<!--');
    expect(page.html).toContain('<title>&lt;/title>&lt;/script>&lt;!-- "quoted" &amp; \u2028</title>');
    const finder = await opened(page);
    expect(await finder.files()).toEqual([
      { path: '__proto__', chunks: 3 },
      { path: 'constructor/</script>.md', chunks: 2 },
    ]);
    const shown = [
      ...(await finder.chunks('__proto__', -5, 99, '')),
      ...(await finder.chunks('constructor/</script>.md', 0, 99, '')),
    ];
    expect(shown.map(({ text }) => text)).toEqual(texts);
    expect(shown[1]?.headings).toEqual(['</script>', '__proto__']);
    const { hits } = await finder.ask({ text: 'alert', balance: 0, limit: 5 });
    expect(hits[0]).toMatchObject({ path: '__proto__', ordinal: 0, excerpt: texts[0] });
    expect(await finder.chunks('toString', 0, 9, '')).toEqual([]);
  });

  it('has no hits and no files where there are no records', async () => {
    const page = await shared([], { records: 0 });
    expect(page.blocks.at(-1)).toEqual({ kind: 'end', text: '' });
    const finder = await opened(page);
    expect(await finder.files()).toEqual([]);
    expect(await finder.ask({ text: 'tide', balance: 0.5, limit: 5 })).toMatchObject({
      hits: [],
      chunks: { words: 0 },
    });
  });

  it('keeps every vector to the bit', async () => {
    const records = await makeRecords(20);
    const { blocks } = await shared(records);
    const numbers = blocks
      .filter(({ kind }) => kind === 'vectors')
      .flatMap(({ text }) => [...readVectors(fromBase64(text), 'float32', 32)]);
    expect(numbers).toEqual(records.flatMap(({ embedding }) => [...embedding]));
  });

  it('is not written where files went while it was', async () => {
    const records = await makeRecords(4);
    let times = 0;
    const [file] = share.files;
    async function* fewer() {
      yield* times++ === 0 ? records : records.slice(1);
    }
    const header = {
      collection: 'c',
      model: 'm',
      dimensions: 32,
      recipe,
      records: 4,
      precision: 'float32',
    } as const;
    const pieces = file.encode({ ...header, columns: new Set(['embedding'] as const) }, fewer, app);
    const all = async () => {
      for await (const _ of pieces);
    };
    await expect(all()).rejects.toMatchObject({ code: 'input/invalid' });
  });
});

it('what two chunks share is shown once, in the chosen one', () => {
  const text = 'abcdefghijklmnopqrstuvwxyz';
  const chunk = (index: number, start: number, end: number, marks: [number, number][] = []) => ({
    index,
    text: text.slice(start, end),
    marks,
    start,
    end,
    headings: [],
  });
  const chunks = [chunk(3, 0, 10, [[6, 10]]), chunk(4, 8, 20), chunk(5, 17, 26, [[1, 5]])];
  const texts = (chosen: number) => joined(chunks, chosen).map(part => part.text);
  expect(texts(4)).toEqual(['abcdefgh', 'ijklmnopqrst', 'uvwxyz']);
  expect(texts(3)).toEqual(['abcdefghij', 'klmnopqrst', 'uvwxyz']);
  expect(joined(chunks, 4).map(({ marks }) => marks)).toEqual([[[6, 8]], [], [[0, 2]]]);
});

it('a person is told what is being read, and how the page was made', () => {
  const about: ShareAbout = {
    version: 1,
    collection: 'c',
    model: 'MiniLM',
    recipe,
    records: 200,
    made: '2026-11-23',
    meaning: { modelBytes: 1000, precision: 'float32' },
  };
  const read = { texts: 200, vectors: 0, modelBytes: 1000, model: 'coming' } as const;
  const words = (changes: object) => readingWords(about, { ...read, ...changes })?.words;
  expect(words({ texts: 50 })).toBe('Reading texts: 25%');
  expect(words({ modelBytes: 400 })).toBe('Reading the model: 40%');
  expect(words({})).toBe('Reading vectors: 0%');
  expect(words({ vectors: 200 })).toBe('Starting the model');
  expect(words({ vectors: 200, model: 'ready' })).toBeUndefined();
  expect(madeWords(about)).toMatch(
    /^Made with Vecdrop on 23 November 2026\. Chunks of up to 200 tokens, .*MiniLM\./,
  );
});

const never = () => Promise.reject(new Error('Nothing is rounded here.'));

async function searchedDirectly(records: readonly ExportRecord[], precision: VectorPrecision) {
  const words = new KeywordIndex();
  const matrix = await VectorMatrix.create(32);
  for (const [row, { text, embedding }] of records.entries()) {
    words.set(row, text);
    matrix.set(row, roundVector(embedding, precision).embedding);
  }
  return { words, matrix };
}
