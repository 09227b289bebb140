import { CacheManager } from '@wllama/wllama/esm/index.js';

/** wllama's own cache of models, holding nothing: ours come as Blobs. Its default refuses to start without OPFS. */
export const noCache = new CacheManager([
  {
    isSupported: () => true,
    read: async () => null,
    write: async () => {},
    getSize: async () => -1,
    list: async () => [],
    delete: async () => {},
  },
]);
