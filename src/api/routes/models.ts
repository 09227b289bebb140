import type { ModelInfo } from '../../domain/model.ts';
import type { ApiBackend } from '../backend.ts';
import { notFound } from '../errors.ts';
import type { Route } from '../route.ts';

/** The model that a request names; 404 where none does, as OpenAI answers. */
export async function modelOf(backend: ApiBackend, name: string): Promise<ModelInfo> {
  const model = await backend.findModel(name);
  if (!model) {
    throw notFound(
      `There is no model ${JSON.stringify(name)}. GET /v1/models lists those there are.`,
      'model',
      'model_not_found',
    );
  }
  return model;
}

function shown(backend: ApiBackend, model: ModelInfo, id: string) {
  return {
    id,
    object: 'model',
    created: 0,
    owned_by: 'vecdrop',
    aliases: backend.aliases(model),
    dimensions: model.dimensions,
    context_length: model.contextLength,
  };
}

export const modelRoutes: Route[] = [
  {
    method: 'GET',
    path: '/v1/models',
    async run({ backend }) {
      const models = await backend.models();
      return Response.json({ object: 'list', data: models.map(model => shown(backend, model, model.name)) });
    },
  },
  {
    method: 'GET',
    path: '/v1/models/{id}',
    async run({ backend, params }) {
      const id = params.id ?? '';
      return Response.json(shown(backend, await modelOf(backend, id), id));
    },
  },
  {
    method: 'GET',
    path: '/v1/info',
    async run({ backend }) {
      const models = await backend.models();
      return Response.json({
        api_server: { type: 'vecdrop', version: backend.version },
        models: models.map(
          ({ name, id, architecture, dimensions, contextLength, pooling, quantization }) => ({
            name,
            type: 'embedding',
            sha256: id,
            architecture,
            dimensions,
            context_length: contextLength,
            pooling,
            quantization,
          }),
        ),
      });
    },
  },
];
