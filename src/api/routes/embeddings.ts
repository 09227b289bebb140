import type { ModelInfo } from '../../domain/model.ts';
import type { ApiBackend } from '../backend.ts';
import { badRequest } from '../errors.ts';
import { integerField, readJson, stringField } from '../input.ts';
import type { Route } from '../route.ts';
import { modelOf } from './models.ts';

/** Inputs a request at the most, as OpenAI has it. */
export const MAX_INPUTS = 2048;

interface Input {
  text: string;
  ids: Int32Array;
}

/** Texts get the model's special tokens; ids are taken as they are. Too long an input is refused, never cut. */
async function inputsOf(backend: ApiBackend, model: ModelInfo, input: unknown): Promise<Input[]> {
  const list = typeof input === 'string' || isIds(input) ? [input] : input;
  if (!Array.isArray(list) || list.length === 0) {
    throw badRequest(
      '“input” must be a string, a list of strings, token ids, or a list of lists of token ids.',
      'input',
    );
  }
  if (list.length > MAX_INPUTS) {
    throw badRequest(
      `“input” has ${list.length} entries; ${MAX_INPUTS} is the most. Send several requests.`,
      'input',
    );
  }
  const inputs = list.every(entry => typeof entry === 'string')
    ? await fromTexts(backend, model, list)
    : fromIds(model, list);
  for (const [index, { ids }] of inputs.entries()) {
    if (ids.length > model.contextLength) {
      throw badRequest(
        `Input ${index} has ${ids.length} tokens; the model’s context is ${model.contextLength}. Cut it into chunks first: nothing is cut silently.`,
        'input',
        'context_length_exceeded',
      );
    }
  }
  return inputs;
}

async function fromTexts(backend: ApiBackend, model: ModelInfo, texts: string[]): Promise<Input[]> {
  const empty = texts.indexOf('');
  if (empty >= 0) throw badRequest(`Input ${empty} is empty.`, 'input');
  const ids = await backend.tokenize(model, texts);
  return texts.map((text, i) => ({ text, ids: ids[i] ?? new Int32Array() }));
}

function fromIds(model: ModelInfo, lists: unknown[]): Input[] {
  if (model.remote)
    throw badRequest('This model is behind an endpoint, which takes text and no token ids.', 'input');
  return lists.map((list, index) => {
    if (!isIds(list))
      throw badRequest(`Input ${index} must be all text or a list of token ids that is not empty.`, 'input');
    const unknown = list.find(id => !Number.isInteger(id) || id < 0 || id >= model.vocabularySize);
    if (unknown !== undefined) {
      throw badRequest(
        `Input ${index} has the token id ${unknown}; this model’s are 0 to ${model.vocabularySize - 1}.`,
        'input',
      );
    }
    return { text: '', ids: Int32Array.from(list) };
  });
}

function isIds(value: unknown): value is number[] {
  return Array.isArray(value) && value.length > 0 && value.every(entry => typeof entry === 'number');
}

/** Little-endian float32 in base64, as OpenAI's clients ask for it. */
function base64(vector: Float32Array): string {
  const view = new DataView(new ArrayBuffer(vector.length * 4));
  for (const [i, x] of vector.entries()) view.setFloat32(i * 4, x, true);
  let binary = '';
  for (let i = 0; i < view.byteLength; i++) binary += String.fromCharCode(view.getUint8(i));
  return btoa(binary);
}

export const embeddingRoutes: Route[] = [
  {
    method: 'POST',
    path: '/v1/embeddings',
    async run({ request, backend, signal }) {
      const body = await readJson(request);
      const name = stringField(body, 'model');
      const model = await modelOf(backend, name);
      const format = stringField(body, 'encoding_format', 'float');
      if (format !== 'float' && format !== 'base64') {
        throw badRequest('“encoding_format” must be float or base64.', 'encoding_format');
      }
      const dimensions = integerField(body, 'dimensions', {
        min: 1,
        max: model.dimensions,
        fallback: model.dimensions,
      });
      const inputs = await inputsOf(backend, model, body.input);
      const { data } = await backend.embed(model, inputs, dimensions, signal);
      const tokens = inputs.reduce((sum, { ids }) => sum + ids.length, 0);
      return Response.json({
        object: 'list',
        data: inputs.map((_, index) => {
          const vector = data.subarray(index * dimensions, (index + 1) * dimensions);
          return {
            index,
            object: 'embedding',
            embedding: format === 'base64' ? base64(vector) : Array.from(vector),
          };
        }),
        model: name,
        usage: { prompt_tokens: tokens, completion_tokens: 0, total_tokens: tokens },
      });
    },
  },
];
