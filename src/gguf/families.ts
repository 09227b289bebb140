import type { Pooling, Prefixes } from '../domain/model.ts';

/** What its makers say of a model that its file does not. */
export interface Family {
  /** As people write it. */
  name: string;
  pooling: Pooling;
  /** Absent where it was trained without any. */
  prefixes?: Prefixes;
  /** Lengths that its vectors may be cut to, largest first. */
  matryoshka?: number[];
}

const RETRIEVE = 'Represent this sentence for searching relevant passages: ';
const INSTRUCT =
  'Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery: ';
const query = (text: string): Prefixes => ({ query: text, document: '' });

/**
 * Families by their models' names, lower-case with hyphens; the first that matches is it. Prefixes, pooling and
 * lengths are those of the model cards.
 */
const FAMILIES: [RegExp, Family][] = [
  [/multilingual-e5.*instruct/, { name: 'Multilingual E5', pooling: 'mean', prefixes: query(INSTRUCT) }],
  [/e5-mistral/, { name: 'E5 Mistral', pooling: 'last', prefixes: query(INSTRUCT) }],
  [/multilingual-e5/, { name: 'Multilingual E5', pooling: 'mean', prefixes: e5() }],
  [/\be5-(small|base|large)/, { name: 'E5', pooling: 'mean', prefixes: e5() }],
  [/bge-m3/, { name: 'BGE-M3', pooling: 'cls' }],
  [
    /bge-(small|base|large)-zh/,
    { name: 'BGE', pooling: 'cls', prefixes: query('为这个句子生成表示以用于检索相关文章：') },
  ],
  [/bge-(small|base|large)/, { name: 'BGE', pooling: 'cls', prefixes: query(RETRIEVE) }],
  [
    /nomic-embed-code/,
    {
      name: 'Nomic Embed Code',
      pooling: 'last',
      prefixes: query('Represent this query for searching relevant code: '),
    },
  ],
  [
    /nomic-embed.*v2|nomic-bert-moe/,
    { name: 'Nomic Embed v2', pooling: 'mean', prefixes: nomic(), matryoshka: [768, 256] },
  ],
  [
    /nomic-embed.*v1\.5/,
    { name: 'Nomic Embed', pooling: 'mean', prefixes: nomic(), matryoshka: [768, 512, 256, 128, 64] },
  ],
  [/nomic-embed/, { name: 'Nomic Embed', pooling: 'mean', prefixes: nomic() }],
  [/\bgte-qwen/, { name: 'GTE', pooling: 'last', prefixes: query(INSTRUCT) }],
  [/\bgte-(modernbert|multilingual)|\bgte-.*-v1\.5/, { name: 'GTE', pooling: 'cls' }],
  [/\bgte-(tiny|small|base|large)/, { name: 'GTE', pooling: 'mean' }],
  [
    /arctic-embed.*v2/,
    { name: 'Arctic Embed', pooling: 'cls', prefixes: query('query: '), matryoshka: [256] },
  ],
  [
    /arctic-embed-m-v1\.5/,
    { name: 'Arctic Embed', pooling: 'cls', prefixes: query(RETRIEVE), matryoshka: [256] },
  ],
  [/arctic-embed/, { name: 'Arctic Embed', pooling: 'cls', prefixes: query(RETRIEVE) }],
  [/mxbai-embed-de/, { name: 'mxbai Embed', pooling: 'cls', prefixes: e5(), matryoshka: [1024, 512] }],
  [/mxbai-embed-xsmall/, { name: 'mxbai Embed', pooling: 'mean', prefixes: query(RETRIEVE) }],
  [
    /mxbai-embed/,
    { name: 'mxbai Embed', pooling: 'cls', prefixes: query(RETRIEVE), matryoshka: [1024, 512, 256, 128, 64] },
  ],
  [
    /jina-embeddings-v3/,
    {
      name: 'Jina v3',
      pooling: 'mean',
      prefixes: {
        query: 'Represent the query for retrieving evidence documents: ',
        document: 'Represent the document for retrieval: ',
      },
      matryoshka: [1024, 768, 512, 256, 128, 64, 32],
    },
  ],
  [/jina-embeddings-v2|jina-bert-v2/, { name: 'Jina v2', pooling: 'mean' }],
  [
    /embedding-?gemma|gemma-embedding/,
    {
      name: 'EmbeddingGemma',
      pooling: 'mean',
      prefixes: { query: 'task: search result | query: ', document: 'title: none | text: ' },
      matryoshka: [768, 512, 256, 128],
    },
  ],
  [
    /qwen3-embedding/,
    {
      name: 'Qwen3 Embedding',
      pooling: 'last',
      // Without a space behind the colon, as in its own configuration.
      prefixes: query(INSTRUCT.trimEnd()),
      matryoshka: [4096, 2560, 2048, 1024, 768, 512, 256, 128, 64, 32],
    },
  ],
  [/granite-embedding/, { name: 'Granite Embedding', pooling: 'cls' }],
  [/all-minilm/, { name: 'all-MiniLM', pooling: 'mean' }],
];

/**
 * The family of a model by the names it goes by, best first; its architecture may be one of them. `dimensions` is
 * the length of its vectors, which leads the lengths they may be cut to.
 */
export function familyOf(names: readonly string[], dimensions: number): Family | undefined {
  const spelt = names.map(name => name.toLowerCase().replace(/[\s_/]+/g, '-'));
  for (const name of spelt) {
    const found = FAMILIES.find(([pattern]) => pattern.test(name))?.[1];
    if (found === undefined) continue;
    const { matryoshka, ...family } = found;
    const cuts = matryoshka?.filter(length => length < dimensions) ?? [];
    return cuts.length > 0 ? { ...family, matryoshka: [dimensions, ...cuts] } : family;
  }
  return undefined;
}

function e5(): Prefixes {
  return { query: 'query: ', document: 'passage: ' };
}

function nomic(): Prefixes {
  return { query: 'search_query: ', document: 'search_document: ' };
}
