import {
  body,
  failures,
  fileParameter,
  fileUpload,
  idParameter,
  integer,
  listOf,
  number,
  object,
  ok,
  ref,
  string,
} from './openapi-parts.ts';

const page = (items: object) =>
  object({
    object: { const: 'list' },
    data: listOf(items),
    first_id: { type: ['string', 'null'] },
    last_id: { type: ['string', 'null'] },
    has_more: { const: false },
  });
const oneOrEach = (schema: object) => ({ oneOf: [schema, listOf(schema)] });

/** What search answers, in LlamaEdge's words and in OpenAI's. */
export const retrievalSchemas = {
  RetrieveRequest: object(
    {
      messages: listOf(object({ role: string, content: {} }, ['role'])),
      collection_name: {
        ...oneOrEach(string),
        description: 'Names or ids of collections; the uploads if left out.',
      },
      limit: oneOrEach(integer),
      score_threshold: oneOrEach(number),
    },
    ['messages'],
  ),
  Retrieved: listOf(
    object({
      points: listOf(object({ source: string, score: number })),
      limit: integer,
      score_threshold: number,
    }),
  ),
  VectorStore: object({
    id: string,
    object: { const: 'vector_store' },
    created_at: integer,
    name: string,
    bytes: integer,
    usage_bytes: integer,
    status: { enum: ['in_progress', 'completed'] },
    last_active_at: integer,
    metadata: { type: 'object' },
    file_counts: object({
      in_progress: integer,
      completed: integer,
      failed: integer,
      cancelled: integer,
      total: integer,
    }),
  }),
  VectorStoreList: page(ref('VectorStore')),
  VectorStoreRequest: object({ name: string, file_ids: listOf(string) }, []),
  VectorStoreFile: object({
    id: string,
    object: { const: 'vector_store.file' },
    created_at: integer,
    vector_store_id: string,
    usage_bytes: integer,
    status: { enum: ['in_progress', 'completed', 'failed', 'cancelled'] },
    last_error: { oneOf: [{ type: 'null' }, object({ code: string, message: string })] },
    attributes: { type: 'object' },
    chunking_strategy: object({
      type: { const: 'static' },
      static: object({ max_chunk_size_tokens: integer, chunk_overlap_tokens: integer }),
    }),
  }),
  VectorStoreFileList: page(ref('VectorStoreFile')),
  VectorStoreFileRequest: object({ file_id: string }),
  VectorStoreSearchRequest: object(
    {
      query: oneOrEach(string),
      max_num_results: { type: 'integer', minimum: 1, maximum: 50 },
      ranking_options: object({ score_threshold: number }, []),
    },
    ['query'],
  ),
  VectorStoreSearch: object({
    object: { const: 'vector_store.search_results.page' },
    search_query: listOf(string),
    data: listOf(
      object({
        file_id: string,
        filename: string,
        score: number,
        attributes: { type: 'object' },
        content: listOf(object({ type: { const: 'text' }, text: string })),
      }),
    ),
    has_more: { const: false },
    next_page: { type: 'null' },
  }),
};

/** The paths of search. */
export const retrievalPaths = {
  '/v1/create/rag': {
    post: {
      summary: 'Add a file to the uploads, wait until it is embedded, and answer with its vectors',
      ...fileUpload(),
      responses: { ...ok('The vectors of its chunks', ref('Embeddings')), ...failures('400', '413', '422') },
    },
  },
  '/v1/retrieve': {
    post: {
      summary: 'Chunks near to the last message of the user, best first, for each collection',
      ...body(ref('RetrieveRequest')),
      responses: { ...ok('Chunks with their cosines', ref('Retrieved')), ...failures('400', '404') },
    },
  },
  '/v1/vector_stores': {
    get: { summary: 'The collections', responses: ok('Collections', ref('VectorStoreList')) },
    post: {
      summary: 'Make a collection, of uploaded files if any are named',
      ...body(ref('VectorStoreRequest')),
      responses: { ...ok('The collection', ref('VectorStore')), ...failures('400', '404') },
    },
  },
  '/v1/vector_stores/{id}': {
    parameters: [idParameter],
    get: {
      summary: 'One collection',
      responses: { ...ok('The collection', ref('VectorStore')), ...failures('404') },
    },
    post: {
      summary: 'Rename a collection',
      ...body(ref('VectorStoreRequest')),
      responses: { ...ok('The collection', ref('VectorStore')), ...failures('404') },
    },
    delete: {
      summary: 'Remove a collection',
      responses: { ...ok('Removed', ref('Deleted')), ...failures('404') },
    },
  },
  '/v1/vector_stores/{id}/files': {
    parameters: [idParameter],
    get: {
      summary: 'The files of a collection',
      responses: { ...ok('The files', ref('VectorStoreFileList')), ...failures('404') },
    },
    post: {
      summary: 'Put a copy of an uploaded file into a collection',
      ...body(ref('VectorStoreFileRequest')),
      responses: { ...ok('The file', ref('VectorStoreFile')), ...failures('400', '404') },
    },
  },
  '/v1/vector_stores/{id}/files/{file}': {
    parameters: [idParameter, fileParameter],
    get: {
      summary: 'One file of a collection, and how far it is',
      responses: { ...ok('The file', ref('VectorStoreFile')), ...failures('404') },
    },
    delete: {
      summary: 'Remove a file from a collection',
      responses: { ...ok('Removed', ref('Deleted')), ...failures('404') },
    },
  },
  '/v1/vector_stores/{id}/search': {
    parameters: [idParameter],
    post: {
      summary: 'Chunks near to a text, best first',
      ...body(ref('VectorStoreSearchRequest')),
      responses: { ...ok('What was found', ref('VectorStoreSearch')), ...failures('400', '404') },
    },
  },
};
