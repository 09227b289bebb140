import { MAX_JSON_BYTES, MAX_UPLOAD_BYTES } from './input.ts';

/** Pieces that the API's description is put together from. */
export const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const json = (schema: object) => ({ content: { 'application/json': { schema } } });
export const ok = (description: string, schema: object) => ({ '200': { description, ...json(schema) } });
export const failures = (...statuses: string[]) =>
  Object.fromEntries(
    statuses.map(status => [status, { description: FAILURES[status] ?? 'Failed', ...json(ref('Error')) }]),
  );
export const body = (schema: object) => ({ requestBody: { required: true, ...json(schema) } });
const pathParameter = (name: string) => ({ name, in: 'path', required: true, schema: { type: 'string' } });
export const idParameter = pathParameter('id');
export const fileParameter = pathParameter('file');
export const fileUpload = (more: Record<string, object> = {}) => ({
  requestBody: {
    required: true,
    content: {
      'multipart/form-data': {
        schema: object({ file: { type: 'string', format: 'binary' }, purpose: string, ...more }, ['file']),
      },
    },
  },
});

const FAILURES: Record<string, string> = {
  '400': 'The request is wrong; the message says how.',
  '404': 'There is no such thing.',
  '413': `The body is too large: ${MAX_JSON_BYTES / 1024 / 1024} MB of JSON, ${MAX_UPLOAD_BYTES / 1024 / 1024} MB of upload at the most.`,
  '422': 'The file cannot be read; the message says why.',
  '503': 'The engine is not to be had at the moment; try again.',
};

export const string = { type: 'string' };
export const integer = { type: 'integer' };
export const number = { type: 'number' };
export const object = (properties: Record<string, object>, required = Object.keys(properties)) => ({
  type: 'object',
  properties,
  required,
});
export const listOf = (items: object) => ({ type: 'array', items });
