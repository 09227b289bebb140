import * as Comlink from 'comlink';
import type { Projection } from '../domain/map.ts';
import { abortable } from '../rpc/abort-port.ts';
import { hostWorker } from '../rpc/host.ts';
import type { Database } from '../store/database.ts';
import { readMap, writeMap } from '../store/maps.ts';
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

  return {
    mapPoints: (collectionId, projection, port, progress) =>
      abortable(port, async signal => {
        const source = await readMapSource(db, collectionId);
        const known = await readMap(db, collectionId, projection, source.key);
        if (known) return known;
        const { key, map } = await makeMap(collectionId, projection, signal, progress);
        // Without it the map is made again next time.
        await writeMap(db, collectionId, projection, key, map).catch(() => {});
        return map;
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
