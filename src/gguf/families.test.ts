import { expect, test } from 'vitest';
import { familyOf } from './families.ts';

const RETRIEVE = 'Represent this sentence for searching relevant passages: ';

/** Names of files and models as they are on Hugging Face: family, pooling, query's prefix, document's prefix. */
test.each([
  ['e5-small-v2.Q8_0.gguf', 'E5', 'mean', 'query: ', 'passage: '],
  ['intfloat_e5-large-v2-q4_k_m.gguf', 'E5', 'mean', 'query: ', 'passage: '],
  ['multilingual-e5-small-Q8_0.gguf', 'Multilingual E5', 'mean', 'query: ', 'passage: '],
  ['multilingual-e5-large-instruct-q8_0.gguf', 'Multilingual E5', 'mean', /^Instruct: .*\nQuery: $/, ''],
  ['e5-mistral-7b-instruct-Q4_K_M.gguf', 'E5 Mistral', 'last', /^Instruct: .*\nQuery: $/, ''],
  ['bge-small-en-v1.5-q8_0.gguf', 'BGE', 'cls', RETRIEVE, ''],
  ['Bge Base En v1.5', 'BGE', 'cls', RETRIEVE, ''],
  ['bge-large-zh-v1.5-f16.gguf', 'BGE', 'cls', /检索相关文章/, ''],
  ['bge-m3-FP16.gguf', 'BGE-M3', 'cls', undefined, undefined],
  ['nomic-embed-text-v1.f16.gguf', 'Nomic Embed', 'mean', 'search_query: ', 'search_document: '],
  ['nomic-embed-text-v1.5.Q4_K_M.gguf', 'Nomic Embed', 'mean', 'search_query: ', 'search_document: '],
  ['nomic-embed-text-v2-moe.Q8_0.gguf', 'Nomic Embed v2', 'mean', 'search_query: ', 'search_document: '],
  ['nomic-embed-code.Q4_K_M.gguf', 'Nomic Embed Code', 'last', /searching relevant code: $/, ''],
  ['gte-small.Q8_0.gguf', 'GTE', 'mean', undefined, undefined],
  ['thenlper_gte-large-f16.gguf', 'GTE', 'mean', undefined, undefined],
  ['gte-modernbert-base-Q8_0.gguf', 'GTE', 'cls', undefined, undefined],
  ['gte-Qwen2-1.5B-instruct-Q4_K_M.gguf', 'GTE', 'last', /^Instruct: /, ''],
  ['snowflake-arctic-embed-m-v1.5.Q8_0.gguf', 'Arctic Embed', 'cls', RETRIEVE, ''],
  ['snowflake-arctic-embed-l-v2.0-q8_0.gguf', 'Arctic Embed', 'cls', 'query: ', ''],
  ['Snowflake Arctic Embed Xs', 'Arctic Embed', 'cls', RETRIEVE, ''],
  ['mxbai-embed-large-v1-f16.gguf', 'mxbai Embed', 'cls', RETRIEVE, ''],
  ['jina-embeddings-v2-base-de-Q8_0.gguf', 'Jina v2', 'mean', undefined, undefined],
  ['jina-embeddings-v3-Q4_K_M.gguf', 'Jina v3', 'mean', /^Represent the query/, /^Represent the document/],
  [
    'embeddinggemma-300M-Q8_0.gguf',
    'EmbeddingGemma',
    'mean',
    'task: search result | query: ',
    'title: none | text: ',
  ],
  ['Embeddinggemma 300m', 'EmbeddingGemma', 'mean', /query: $/, /text: $/],
  ['Qwen3-Embedding-0.6B-Q8_0.gguf', 'Qwen3 Embedding', 'last', /^Instruct: .*\nQuery:$/, ''],
  ['all-MiniLM-L12-v2.F32.gguf', 'all-MiniLM', 'mean', undefined, undefined],
  ['All MiniLM L6 v2', 'all-MiniLM', 'mean', undefined, undefined],
  ['granite-embedding-30m-english-Q8_0.gguf', 'Granite Embedding', 'cls', undefined, undefined],
] as [string, string, string, string | RegExp | undefined, string | RegExp | undefined][])(
  '%s is of the family %s',
  (name, family, pooling, query, document) => {
    const found = familyOf([name], 1);
    expect(found).toMatchObject({ name: family, pooling });
    for (const [prefix, expected] of [
      [found?.prefixes?.query, query],
      [found?.prefixes?.document, document],
    ]) {
      if (expected instanceof RegExp) expect(prefix).toMatch(expected);
      else expect(prefix).toBe(expected);
    }
  },
);

test.each(['Meta-Llama-3-8B', 'my-own-model.gguf', 'ggml-model-f16.gguf', 'bert', 'nomic-bert', 'gteborg'])(
  '%s is of no known family',
  name => {
    expect(familyOf([name], 768)).toBeUndefined();
  },
);

test('vectors are cut to lengths that the makers trained, the whole one first', () => {
  const lengths = (name: string, dimensions: number) => familyOf([name], dimensions)?.matryoshka;
  expect(lengths('nomic-embed-text-v1.5', 768)).toEqual([768, 512, 256, 128, 64]);
  expect(lengths('nomic-embed-text-v1', 768)).toBeUndefined();
  expect(lengths('embeddinggemma-300m', 768)).toEqual([768, 512, 256, 128]);
  expect(lengths('snowflake-arctic-embed-l-v2.0', 1024)).toEqual([1024, 256]);
  expect(lengths('snowflake-arctic-embed-l', 1024)).toBeUndefined();
  expect(lengths('Qwen3-Embedding-0.6B', 1024)).toEqual([1024, 768, 512, 256, 128, 64, 32]);
  expect(lengths('Qwen3-Embedding-8B', 4096)?.slice(0, 3)).toEqual([4096, 2560, 2048]);
  expect(lengths('all-MiniLM-L6-v2', 384)).toBeUndefined();
});

test('the model’s own name goes before the file’s, and the architecture comes last', () => {
  expect(familyOf(['bge-m3', 'e5-small.gguf', 'bert'], 1024)?.name).toBe('BGE-M3');
  expect(familyOf(['', 'ggml-model.gguf', 'gemma-embedding'], 768)?.name).toBe('EmbeddingGemma');
});
