import { VecdropError } from '../../domain/errors.ts';
import type { ModelInfo } from '../../domain/model.ts';
import { cosine } from '../compare.ts';
import { normalized } from '../normalize.ts';
import type { RemoteClient } from './client.ts';
import { fault, Refused } from './faults.ts';

/** What a model behind an endpoint is known by: its vector of this text. */
const PROBE = 'The quick brown fox jumps over the lazy dog, 0123456789; naïve façade, Ωmega, 日本語.';
/** Another build, GPU or quantization of one model comes this near; another model does not. */
const SAME_MODEL = 0.999;
const ID_DIGITS = 16;

export interface ProbedModel {
  info: ModelInfo;
  /** Of length 1. */
  probe: Float32Array;
}

/** Asks for the probe's vector, and makes the model's description of what came. */
export async function probeModel(
  client: RemoteClient,
  { baseUrl, model }: { baseUrl: string; model: string },
  contextLength: number,
  signal: AbortSignal,
): Promise<ProbedModel> {
  const probe = await probeVector(client, model, signal);
  // Rounded: the last digits of a server that computes on several threads differ from time to time.
  const rounded = Int16Array.from(probe, value => Math.round(value * 1000));
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', rounded));
  const hash = Array.from(digest, byte => byte.toString(16).padStart(2, '0'))
    .join('')
    .slice(0, ID_DIGITS);
  const info: ModelInfo = {
    id: `remote:${new URL(baseUrl).origin}/${model}/${hash}`,
    name: model,
    architecture: 'unknown',
    dimensions: probe.length,
    contextLength,
    layers: 0,
    pooling: 'mean',
    tokenizer: 'estimate',
    vocabularySize: 0,
    quantization: 'unknown',
    bytes: 0,
    remote: { baseUrl, model },
  };
  return { info, probe };
}

/** Whether two probes are of one model. */
export function sameModel(a: Float32Array, b: Float32Array): boolean {
  return a.length === b.length && cosine(a, b) >= SAME_MODEL;
}

/** Rejects with 'model/changed' where the endpoint serves another model by the old name. */
export async function checkUnchanged(
  client: RemoteClient,
  info: ModelInfo,
  known: Float32Array,
  signal: AbortSignal,
): Promise<void> {
  const probe = await probeVector(client, info.remote?.model ?? info.name, signal);
  if (sameModel(probe, known)) return;
  throw new VecdropError(
    'model/changed',
    `“${info.name}” at ${new URL(info.remote?.baseUrl ?? '').origin} is not the model any more that this collection was made with: it gives other vectors. Serve the former model again, or add this one and choose it for the collection.`,
  );
}

async function probeVector(client: RemoteClient, model: string, signal: AbortSignal): Promise<Float32Array> {
  const [vector] = await client.embed(model, [PROBE], signal).catch(error => {
    throw error instanceof Refused ? fault(error.message, error) : error;
  });
  return normalized(vector as Float32Array);
}
