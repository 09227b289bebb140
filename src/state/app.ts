import { connectWorkspace } from '../workspace/client.ts';
import { connectBridge } from './bridge.ts';
import { createCalls } from './calls.ts';
import { createChunkMap } from './chunk-map.ts';
import { createKeptFolders } from './kept-folders.ts';
import { createMirror, type Memory } from './mirror.ts';
import { createShelf } from './models.ts';
import { createQueryHistory, type Keeper } from './query-history.ts';
import { createRequests } from './requests.ts';
import { createScreen } from './screen.ts';
import { createSearch } from './search.ts';
import { fromHash, toHash } from './search-link.ts';
import { createOffline } from './service-worker.ts';
import { createTypedTargets } from './upsert-target.ts';

const KEY = 'vecdrop:collection';

const memory: Memory = {
  read() {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null;
    }
  },
  write(id) {
    try {
      localStorage.setItem(KEY, id);
    } catch {
      // The first collection is opened next time.
    }
  },
};

function keeper(): Keeper {
  try {
    return localStorage;
  } catch {
    return null;
  }
}

/** What the address asks for, once the page is there; and again whenever a person changes it. */
function followLink(): void {
  const link = fromHash(location.hash);
  if (!link) return;
  const { collectionId } = link;
  const { ready, currentId, collections } = mirror.store.getState();
  if (collectionId !== undefined && !ready) {
    // Remembered, it is opened first.
    memory.write(collectionId);
    const stop = mirror.store.subscribe(now => {
      if (!now.ready) return;
      stop();
      if (!now.collections.some(({ id }) => id === collectionId)) tellGone();
    });
  } else if (collectionId !== undefined && collectionId !== currentId) {
    if (collections.some(({ id }) => id === collectionId)) {
      screen.leaveCollection();
      mirror.open(collectionId);
    } else tellGone();
  }
  search.restore(link);
}

function tellGone(): void {
  const text = 'The collection of this link is not in this browser: its query is asked of the one on screen.';
  screen.toast({ tone: 'plain', text });
}

/** The one connection of this page, its mirror, and what is only on screen. */
export const client = connectWorkspace();
export const mirror = createMirror(client, memory);
export const screen = createScreen();
export const chunkMap = createChunkMap(client, mirror);
export const keptFolders = createKeptFolders(client, mirror);
export const shelf = createShelf(client, mirror, model =>
  screen.toast({
    tone: 'plain',
    text: `Model added: ${model.name}.`,
    action: {
      label: 'Use it for a new collection',
      run: () => screen.set({ dialog: { kind: 'new-collection', modelId: model.id } }),
    },
  }),
);
export const queryHistory = createQueryHistory(keeper());
export const typedTargets = createTypedTargets(keeper());
export const search = createSearch({
  client,
  mirror,
  history: queryHistory,
  onLink: link =>
    history.replaceState(history.state, '', `${location.pathname}${location.search}${toHash(link)}`),
});
export const calls = createCalls(client);
export const requests = createRequests(client);
/** Whether the server that this page came from passes requests on to it. */
export const bridge = connectBridge(client);
export const offline = createOffline(client);

followLink();
addEventListener('hashchange', followLink);
