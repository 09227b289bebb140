import { createStore } from 'zustand/vanilla';
import type { KeptFolder } from '../domain/folder.ts';
import type { WorkspaceClient } from '../workspace/client.ts';
import type { createMirror } from './mirror.ts';

/** The folders that the collection on screen can be compared with again. */
export function createKeptFolders(
  client: Pick<WorkspaceClient, 'keptFolders' | 'keepFolder'>,
  mirror: Pick<ReturnType<typeof createMirror>, 'store'>,
) {
  const store = createStore<{ folders: readonly KeptFolder[] }>()(() => ({ folders: [] }));

  async function read(): Promise<void> {
    const { currentId } = mirror.store.getState();
    const folders = currentId === undefined ? [] : await client.keptFolders(currentId);
    if (currentId === mirror.store.getState().currentId) store.setState({ folders });
  }

  mirror.store.subscribe(({ currentId }, before) => {
    if (currentId !== before.currentId) read().catch(() => store.setState({ folders: [] }));
  });

  return {
    store,
    /** Keeps folders to be looked at again. Where the browser cannot store them they are chosen again instead. */
    async keep(collectionId: string, handles: readonly FileSystemDirectoryHandle[]): Promise<void> {
      if (handles.length === 0) return;
      try {
        for (const handle of handles) await client.keepFolder(collectionId, handle);
        await read();
      } catch {
        // Nothing is lost by it.
      }
    },
  };
}
