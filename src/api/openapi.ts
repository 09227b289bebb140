import {
  body,
  failures,
  fileUpload,
  idParameter,
  integer,
  listOf,
  object,
  ok,
  ref,
  string,
} from './openapi-parts.ts';
import { retrievalPaths, retrievalSchemas } from './openapi-retrieval.ts';
import { MAX_INPUTS } from './routes/embeddings.ts';

const schemas = {
  Error: object({
    error: object({
      message: string,
      type: string,
      param: { type: ['string', 'null'] },
      code: { type: ['string', 'null'] },
    }),
  }),
  File: object({
    id: string,
    object: { const: 'file' },
    bytes: integer,
    created_at: integer,
    filename: string,
    purpose: string,
  }),
  FileList: object({ object: { const: 'list' }, data: listOf(ref('File')), has_more: { type: 'boolean' } }),
  Deleted: object({ id: string, object: string, deleted: { const: true } }),
  ChunksRequest: object(
    {
      id: string,
      filename: string,
      chunk_capacity: {
        type: 'integer',
        minimum: 8,
        description: 'Tokens a chunk at the most, special tokens included.',
      },
      strategy: string,
      overlap: { type: 'integer', minimum: 0 },
    },
    ['id'],
  ),
  Chunks: object({ id: string, filename: string, chunks: listOf(string) }),
  EmbeddingsRequest: object(
    {
      model: string,
      input: {
        oneOf: [string, listOf(string), listOf(integer), listOf(listOf(integer))],
        description: `At most ${MAX_INPUTS} inputs. Token ids are taken as they are, special tokens included.`,
      },
      encoding_format: { enum: ['float', 'base64'] },
      dimensions: { type: 'integer', minimum: 1 },
      user: string,
    },
    ['model', 'input'],
  ),
  Embeddings: object({
    object: { const: 'list' },
    data: listOf(
      object({
        index: integer,
        object: { const: 'embedding' },
        embedding: { oneOf: [listOf({ type: 'number' }), string] },
      }),
    ),
    model: string,
    usage: object({ prompt_tokens: integer, completion_tokens: { const: 0 }, total_tokens: integer }),
  }),
  Model: object({
    id: string,
    object: { const: 'model' },
    created: integer,
    owned_by: string,
    aliases: listOf(string),
    dimensions: integer,
    context_length: integer,
  }),
  ModelList: object({ object: { const: 'list' }, data: listOf(ref('Model')) }),
  Info: object({
    api_server: object({ type: string, version: string }),
    models: listOf(
      object({ name: string, type: string, sha256: string, dimensions: integer, context_length: integer }),
    ),
  }),
};

/** The API's description (OpenAPI 3.1), as served at /v1/openapi.json. */
export function openApi(version: string) {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Vecdrop',
      version,
      description: 'Files, chunks and embeddings, answered by an open tab.',
    },
    components: { schemas: { ...schemas, ...retrievalSchemas } },
    paths: {
      '/v1/files': {
        post: {
          summary: 'Add a file to the collection “api”',
          ...fileUpload(),
          responses: { ...ok('The file', ref('File')), ...failures('400', '413') },
        },
        get: { summary: 'The files there are', responses: ok('The files', ref('FileList')) },
      },
      '/v1/files/{id}': {
        parameters: [idParameter],
        get: { summary: 'One file', responses: { ...ok('The file', ref('File')), ...failures('404') } },
        delete: {
          summary: 'Remove a file',
          responses: { ...ok('Removed', ref('Deleted')), ...failures('404') },
        },
      },
      '/v1/files/{id}/content': {
        parameters: [idParameter],
        get: {
          summary: 'A file’s bytes',
          responses: {
            '200': { description: 'The bytes', content: { 'application/octet-stream': {} } },
            ...failures('404'),
          },
        },
      },
      '/v1/chunks': {
        post: {
          summary: 'The texts of a file’s chunks',
          ...body(ref('ChunksRequest')),
          responses: { ...ok('The chunks', ref('Chunks')), ...failures('400', '404', '413', '422') },
        },
      },
      '/v1/embeddings': {
        post: {
          summary: 'Vectors of texts or token ids',
          ...body(ref('EmbeddingsRequest')),
          responses: { ...ok('The vectors', ref('Embeddings')), ...failures('400', '404', '413', '503') },
        },
      },
      '/v1/models': {
        get: { summary: 'The models there are', responses: ok('The models', ref('ModelList')) },
      },
      '/v1/models/{id}': {
        parameters: [idParameter],
        get: { summary: 'One model', responses: { ...ok('The model', ref('Model')), ...failures('404') } },
      },
      '/v1/info': { get: { summary: 'What answers here', responses: ok('Version and models', ref('Info')) } },
      ...retrievalPaths,
      '/v1/openapi.json': {
        get: { summary: 'This description', responses: ok('OpenAPI 3.1', { type: 'object' }) },
      },
    },
  };
}
