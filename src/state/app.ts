import { connectWorkspace } from '../workspace/client.ts';
import { connectBridge } from './bridge.ts';
import { createCalls } from './calls.ts';
import { createMirror, type Memory } from './mirror.ts';
import { createShelf } from './models.ts';
import { createRequests } from './requests.ts';
import { createScreen } from './screen.ts';
import { createOffline } from './service-worker.ts';

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

/** The one connection of this page, its mirror, and what is only on screen. */
export const client = connectWorkspace();
export const mirror = createMirror(client, memory);
export const screen = createScreen();
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
export const calls = createCalls(client);
export const requests = createRequests(client);
/** Whether the server that this page came from passes requests on to it. */
export const bridge = connectBridge(client);
export const offline = createOffline(client);
