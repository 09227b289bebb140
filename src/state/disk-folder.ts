import { type DiskNode, type Gathered, type KnownPaths, walk } from './walk.ts';

/** What browsers with the File System Access API have beside the standard. */
interface Permitted {
  queryPermission?(descriptor: { mode: 'read' }): Promise<PermissionState>;
  requestPermission?(descriptor: { mode: 'read' }): Promise<PermissionState>;
}
type ShowDirectoryPicker = (options: { id: string; mode: 'read' }) => Promise<FileSystemDirectoryHandle>;

function picker(): ShowDirectoryPicker | undefined {
  return (window as { showDirectoryPicker?: ShowDirectoryPicker }).showDirectoryPicker;
}

/**
 * Asks for a folder that can be gone through again. 'none' where the browser has no such picker, or not here; undefined
 * where nothing was chosen. Only right after a click.
 */
export async function pickFolder(): Promise<FileSystemDirectoryHandle | 'none' | undefined> {
  const pick = picker();
  if (!pick) return 'none';
  try {
    return await pick.call(window, { id: 'vecdrop', mode: 'read' });
  } catch (error) {
    return error instanceof DOMException && error.name === 'AbortError' ? undefined : 'none';
  }
}

/** Whether a kept folder may be read, asking where the browser wants that: only right after a click. */
export async function mayRead(handle: FileSystemDirectoryHandle): Promise<boolean> {
  const permitted = handle as Permitted;
  const mode = { mode: 'read' } as const;
  if ((await permitted.queryPermission?.(mode)) === 'granted') return true;
  return ((await permitted.requestPermission?.(mode)) ?? 'granted') === 'granted';
}

/** Walks a folder by its handle; paths begin with its name. */
export async function gatherFolder(
  handle: FileSystemDirectoryHandle,
  known: KnownPaths,
  signal?: AbortSignal,
): Promise<Gathered> {
  const nodes = [nodeOf(handle, handle.name)];
  const gathered = await walk(nodes, {
    areInFolder: false,
    skips: true,
    known: await known([handle.name]),
    signal,
  });
  return { ...gathered, handles: [handle] };
}

function nodeOf(handle: FileSystemHandle, path: string): DiskNode {
  return {
    name: handle.name,
    path,
    isFolder: handle.kind === 'directory',
    file: () => (handle as FileSystemFileHandle).getFile(),
    async children() {
      const children: DiskNode[] = [];
      for await (const child of (handle as FileSystemDirectoryHandle).values())
        children.push(nodeOf(child, `${path}/${child.name}`));
      return children;
    },
  };
}
