import { expect, it } from 'vitest';
import { guessMapping, mappingProblem } from './mapping.ts';
import { openTable } from './registry.ts';
import { imported } from './testing.ts';

const TEXTS = [
  'The tide went out, and the boats lay on the sand for hours, as they always did.',
  'Not yet.',
  'The gate of the lock opens at six, and the keeper writes down who goes through it.',
];
const vector = (row: number, length = 8) => Array.from({ length }, (_, i) => Math.sin(row * length + i) / 3);
const base64 = (row: number) => Buffer.from(Float32Array.from(vector(row)).buffer).toString('base64');

const lines = (record: (row: number, text: string) => object) =>
  new File([TEXTS.map((text, row) => `${JSON.stringify(record(row, text))}\n`).join('')], 'rows.jsonl');
const json = (value: object) => new File([JSON.stringify(value)], 'answer.json');
const csv = (...rows: readonly (readonly (string | number)[])[]) =>
  new File(
    [rows.map(row => row.map(cell => `"${String(cell).replaceAll('"', '""')}"`).join(',')).join('\n')],
    'rows.csv',
  );

async function guessed(file: File) {
  const { columns } = await openTable([file], new AbortController().signal);
  const mapping = guessMapping(columns);
  return { ...mapping, problem: mappingProblem(mapping, columns)?.message };
}

/** As LlamaEdge, llama.cpp and OpenAI answer /v1/embeddings. */
const answer = (
  rows: number,
  embedding: (row: number) => unknown,
  more: (row: number) => object = () => ({}),
) =>
  json({
    object: 'list',
    data: Array.from({ length: rows }, (_, index) => ({
      index,
      object: 'embedding',
      embedding: embedding(index),
      ...more(index),
    })),
    model: 'all-MiniLM-L6-v2-ggml-model-f16',
    usage: { prompt_tokens: 49, completion_tokens: 0, total_tokens: 49 },
  });

it.each([1, 3])(
  'an answer of an embeddings API with %i vectors has no texts, and that is said',
  async rows => {
    for (const embedding of [vector, base64]) {
      const guess = await guessed(answer(rows, embedding));
      expect(guess).toMatchObject({ embedding: 'embedding', problem: /^No column of this file holds texts/ });
      expect(guess.text).toBeUndefined();
    }
  },
);

it('such an answer with the texts put in is taken, whatever the numbers are written in', async () => {
  for (const embedding of [vector, base64]) {
    const file = answer(3, embedding, row => ({ input: TEXTS[row] }));
    expect(await guessed(file)).toMatchObject({ embedding: 'embedding', text: 'input', problem: undefined });
    const [read] = await imported(file);
    expect(read?.text).toBe(TEXTS.join('\n\n'));
    expect([...(read?.vectors(1, 1) ?? [])]).toEqual([...Float32Array.from(vector(1))]);
  }
});

it.each([
  'content',
  'page_content',
  'chunk',
  'body',
  'passage',
  'Text',
  'chunk_content',
  'document',
  'answer',
])('texts in a column called %s, beside ids that are numbers and a vector in JSON', async name => {
  const rows = TEXTS.map((text, row) => [row + 1, text, JSON.stringify(vector(row))]);
  const guess = await guessed(csv(['id', name, 'embedding'], ...rows));
  expect(guess).toEqual({ text: name, embedding: 'embedding', problem: undefined });
});

it.each(['a.pdf', 'the yearly report.docx', 'doc-17'])(
  'a document called %s is where a text is from',
  async document => {
    const guess = await guessed(lines((row, say) => ({ document, chunk: row, say, embedding: vector(row) })));
    expect(guess).toMatchObject({ file: 'document', text: 'say' });
  },
);

it('what is the same in every row is no text, unless there is nothing else by that name', async () => {
  const kind = 'a paragraph of a longer text, as the program that wrote it calls it';
  const guess = await guessed(lines((row, say) => ({ kind, say, embedding: vector(row) })));
  expect(guess.text).toBe('say');
  const same = await guessed(lines(row => ({ text: 'Again.', embedding: vector(row) })));
  expect(same).toMatchObject({ text: 'text', problem: undefined });
});

it('ids are no texts, however long; the only texts are, however short', async () => {
  const id = (row: number) => `https://example.org/a/long/address/of/a/page/${row}/with/parts`;
  expect(await guessed(lines((row, say) => ({ at: id(row), say, embedding: vector(row) })))).toMatchObject({
    text: 'say',
  });
  const short = lines(row => ({ my_id: id(row), name: `n ${row}`, embedding: vector(row) }));
  expect(await guessed(short)).toMatchObject({ text: 'name' });
});

it('of several vectors the one that is named after the texts', async () => {
  const record = (row: number, content: string) => ({
    title: `T ${row}`,
    title_vector: vector(row),
    content,
    content_vector: vector(row + 9),
  });
  expect(await guessed(lines(record))).toMatchObject({ text: 'content', embedding: 'content_vector' });
});

it('metadata is looked into, as an object and where a table has it as JSON', async () => {
  const metadata = (row: number) => ({
    source: 'tide.pdf',
    page: row + 1,
    loc: { lines: { from: 1, to: 4 } },
  });
  const objects = lines((row, page_content) => ({
    page_content,
    metadata: metadata(row),
    embedding: vector(row),
  }));
  expect(await guessed(objects)).toMatchObject({ file: 'metadata.source', page: 'metadata.page' });
  const rows = TEXTS.map((text, row) => [JSON.stringify(vector(row)), text, JSON.stringify(metadata(row))]);
  const table = csv(['embedding', 'document', 'cmetadata'], ...rows);
  expect(await guessed(table)).toMatchObject({
    text: 'document',
    file: 'cmetadata.source',
    page: 'cmetadata.page',
  });
  const [read] = await imported(table);
  expect(read).toMatchObject({ path: 'tide.pdf', chunks: [{ page: 1 }, { page: 2 }, { page: 3 }] });
});

it('records that a server’s answer has further in', async () => {
  const points = TEXTS.map((document, id) => ({ id, payload: { document }, vector: { fast: vector(id) } }));
  expect(await guessed(json({ result: { points, next_page_offset: null }, status: 'ok' }))).toMatchObject({
    text: 'payload.document',
    embedding: 'vector.fast',
  });
  const hits = TEXTS.map((body, row) => ({ _id: String(row), _source: { body, body_vector: vector(row) } }));
  expect(await guessed(json({ took: 3, hits: { total: { value: 3 }, hits } }))).toMatchObject({
    text: '_source.body',
    embedding: '_source.body_vector',
  });
});

it('lists side by side, as Chroma answers, are records', async () => {
  const file = json({
    ids: ['a', 'b', 'c'],
    embeddings: TEXTS.map((_, row) => vector(row)),
    documents: TEXTS,
    uris: null,
    included: ['documents', 'embeddings'],
    metadatas: TEXTS.map((_, row) => ({ source: `book-${row % 2}.txt` })),
  });
  expect(await guessed(file)).toMatchObject({
    text: 'documents',
    embedding: 'embeddings',
    file: 'metadatas.source',
    problem: undefined,
  });
  const read = await imported(file);
  expect(read.map(({ path, chunks }) => `${path} ${chunks.length}`).sort()).toEqual([
    'book-0.txt 2',
    'book-1.txt 1',
  ]);
});
