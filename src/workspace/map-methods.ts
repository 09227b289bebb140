import * as Comlink from 'comlink';
import type { Projection } from '../domain/map.ts';
import { abortable } from '../rpc/abort-port.ts';
import { hostWorker } from '../rpc/host.ts';
import type { Database } from '../store/database.ts';
import type { Generation } from '../store/schema.ts';
import { createGlances } from './glances.ts';
import type { MapApi, MapProgress } from './map-api.ts';
import type { MadeMap, MapService } from './map-service.ts';
import { readMapSource } from './map-source.ts';

interface Parts {
  db: Database;
  /** The generation that is shown of a file. */
  shown: (fileId: string) => Promise<Generation | undefined>;
}

/** The workspace's methods of the map. Every map is made by a worker of its own: an abort ends it in the middle of a loop. */
export function mapMethods({ db, shown }: Parts): MapApi {
  const glances = createGlances(db);
  /** The last map of each projection, of the collection that was asked for last. */
  const kept = new Map<Projection, MadeMap>();
  let keptOf: string | undefined;

  return {
    mapPoints: (collectionId, projection, port, progress) =>
      abortable(port, async signal => {
        if (keptOf !== collectionId) kept.clear();
        keptOf = collectionId;
        const { key } = await readMapSource(db, collectionId);
        const known = kept.get(projection);
        if (known?.key === key) return known.map;
        const made = await makeMap(collectionId, projection, signal, progress);
        if (keptOf === collectionId) kept.set(projection, made);
        return made.map;
      }),
    async chunkGlances(places, length) {
      const ids = [...new Set(places.map(({ fileId }) => fileId))];
      const generations = new Map(await Promise.all(ids.map(async id => [id, await shown(id)] as const)));
      return glances(
        places.map(({ fileId, ordinal }) => ({ generation: generations.get(fileId), ordinal })),
        length,
      );
    },
  };
}

async function makeMap(
  collectionId: string,
  projection: Projection,
  signal: AbortSignal,
  progress: (progress: MapProgress) => void,
): Promise<MadeMap> {
  const host = hostWorker<MapService>(
    'map',
    () => new Worker(new URL('./map.worker.ts', import.meta.url), { type: 'module', name: 'vecdrop-map' }),
  );
  try {
    return await host.call(signal, Number.POSITIVE_INFINITY, remote =>
      remote.points(collectionId, projection, Comlink.proxy(progress)),
    );
  } finally {
    host.terminate();
  }
}
