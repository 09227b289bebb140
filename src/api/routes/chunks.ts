import { badRequest } from '../errors.ts';
import { integerField, readJson, stringField } from '../input.ts';
import type { Route } from '../route.ts';
import { fileOf } from './files.ts';

/** As LlamaEdge's /v1/chunks: the texts of an uploaded file's chunks. */
export const chunkRoutes: Route[] = [
  {
    method: 'POST',
    path: '/v1/chunks',
    async run({ request, backend, signal }) {
      const body = await readJson(request);
      const id = stringField(body, 'id');
      const file = await fileOf({ backend }, id);
      const filename = stringField(body, 'filename', file.filename);
      if (filename !== file.filename) {
        throw badRequest(
          `The file ${JSON.stringify(id)} is named ${JSON.stringify(file.filename)}.`,
          'filename',
        );
      }
      const longest = Math.min(...(await backend.models()).map(model => model.contextLength));
      const capacity = integerField(body, 'chunk_capacity', {
        min: 8,
        max: longest,
        fallback: Math.min(200, longest),
      });
      const overlap = integerField(body, 'overlap', { min: 0, max: Math.floor(capacity / 2), fallback: 0 });
      const strategy = stringField(body, 'strategy', 'recursive');
      if (!backend.strategies.includes(strategy)) {
        throw badRequest(`“strategy” must be one of: ${backend.strategies.join(', ')}.`, 'strategy');
      }
      const chunks = await backend.chunk(file.id, { capacity, overlap, strategy }, signal);
      return Response.json({ id, filename, chunks });
    },
  },
];
