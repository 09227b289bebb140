import { VecdropError } from '../domain/errors.ts';
import type { ModelInfo } from '../domain/model.ts';
import type { Recipe } from '../domain/recipe.ts';
import type { Pool } from '../embed/pool.ts';
import { createRemoteClient, type Fetch, type RemoteClient } from '../embed/remote/client.ts';
import { createRemotePool } from '../embed/remote/engine.ts';
import { checkUnchanged, probeModel, sameModel } from '../embed/remote/identity.ts';
import { abortable } from '../rpc/abort-port.ts';
import type { Database } from '../store/database.ts';
import { readProbe, writeProbe } from '../store/engines.ts';
import { listModels, putModel } from '../store/models.ts';
import type { AbortPort } from './api.ts';
import type { Keys } from './keys.ts';
import type { OpenModel } from './models.ts';
import type { ModelsApi, RemoteEndpoint } from './models-api.ts';

/** How often an endpoint that is only tried is asked again. */
const TRIAL_RETRIES = 1;

/** Models behind endpoints: their records, and the way to them. */
export interface RemoteModels extends Pick<ModelsApi, 'remoteModels' | 'addRemoteModel' | 'setRemoteKey'> {
  /** Opens one as an engine. Rejects with 'model/changed' where another model answers by its name. */
  open(model: OpenModel, recipe: Recipe, signal: AbortSignal): Promise<Pool>;
}

const LEAST_CONTEXT = 16;
const MOST_CONTEXT = 1 << 20;

export function createRemoteModels(db: Database, fetch: Fetch, baseUrl: string, keys: Keys): RemoteModels {
  const page = new URL(baseUrl);

  const clientOf = (url: string): RemoteClient =>
    createRemoteClient({ baseUrl: url, key: () => keys.get(url), fetch, page });

  /** A key that is only tried is not told to anyone. */
  function trialClient({ baseUrl: given, key }: RemoteEndpoint): { url: string; client: RemoteClient } {
    const url = cleanUrl(given);
    return {
      url,
      // A person who waits for an answer wants to hear soon that there is none.
      client: createRemoteClient({
        baseUrl: url,
        key: () => key ?? keys.get(url),
        fetch,
        page,
        retries: TRIAL_RETRIES,
      }),
    };
  }

  async function known(info: ModelInfo, probe: Float32Array): Promise<ModelInfo | undefined> {
    for (const record of await listModels(db)) {
      const { remote } = record.info;
      if (remote?.baseUrl !== info.remote?.baseUrl || remote?.model !== info.remote?.model) continue;
      const kept = await readProbe(db, record.id);
      if (kept && sameModel(kept, probe)) return record.info;
    }
    return undefined;
  }

  return {
    remoteModels: (endpoint, port: AbortPort) =>
      abortable(port, signal => trialClient(endpoint).client.models(signal)),
    addRemoteModel: (endpoint, model, contextLength, port) =>
      abortable(port, async signal => {
        if (
          !Number.isInteger(contextLength) ||
          contextLength < LEAST_CONTEXT ||
          contextLength > MOST_CONTEXT
        ) {
          const bounds = `${LEAST_CONTEXT} and ${MOST_CONTEXT.toLocaleString('en')}`;
          throw new VecdropError('input/invalid', `The context length must be between ${bounds} tokens.`);
        }
        const { url, client } = trialClient(endpoint);
        const { info, probe } = await probeModel(client, { baseUrl: url, model }, contextLength, signal);
        await keys.set(url, endpoint.key, endpoint.keepKey);
        const there = await known(info, probe);
        const kept = there ? { ...there, contextLength } : info;
        await writeProbe(db, kept.id, probe);
        await putModel(db, { id: kept.id, info: kept, addedAt: Date.now(), parts: 0 });
        return kept;
      }),
    async setRemoteKey(modelId, key, keepKey) {
      const record = (await listModels(db)).find(({ id }) => id === modelId);
      if (!record?.info.remote) {
        throw new VecdropError('model/missing', 'This model is not known any more. Add its endpoint again.');
      }
      await keys.set(record.info.remote.baseUrl, key, keepKey);
    },
    async open({ info }, { normalize }, signal) {
      const url = info.remote?.baseUrl ?? '';
      await keys.load(url);
      const client = clientOf(url);
      const probe = await readProbe(db, info.id);
      if (probe) await checkUnchanged(client, info, probe, signal);
      return createRemotePool(info, client, normalize);
    },
  };
}

function cleanUrl(given: string): string {
  const url = URL.canParse(given.trim()) ? new URL(given.trim()) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new VecdropError(
      'input/invalid',
      'This is not the address of an endpoint. It looks like “http://127.0.0.1:8080/v1”.',
    );
  }
  url.hash = '';
  url.search = '';
  return url.href.replace(/\/(embeddings|models)?\/*$/, '').replace(/\/+$/, '');
}
