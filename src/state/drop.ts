import type { Addition } from '../workspace/api.ts';
import { type IgnoreScope, innerScope, reasonToSkip, type SkipReason, turns } from './skip.ts';
import {
  CLUTTER,
  countSkipped,
  type DiskNode,
  type Gathered,
  GITIGNORE,
  type KnownPaths,
  type SkipCounts,
  walk,
  withFolders,
} from './walk.ts';

/** What a drop held. */
export interface Taken {
  entries: (FileSystemEntry | File)[];
  /** The folders among them that can be gone through again, where the browser gives such handles. */
  handles: Promise<FileSystemDirectoryHandle[]>;
}

type DropItem = DataTransferItem & { getAsFileSystemHandle?(): Promise<FileSystemHandle | null> };

/**
 * Takes everything out of a drop at once: a DataTransfer is empty after the first await.
 * Where there are no entries, plain files serve.
 */
export function takeDrop(transfer: DataTransfer): Taken {
  const entries: (FileSystemEntry | File)[] = [];
  const handles: Promise<FileSystemHandle | null>[] = [];
  for (const item of transfer.items as Iterable<DropItem>) {
    if (item.kind !== 'file') continue;
    const entry = item.webkitGetAsEntry?.();
    const one = entry ?? item.getAsFile();
    if (one) entries.push(one);
    const handle = entry?.isDirectory ? item.getAsFileSystemHandle?.() : undefined;
    // Only to spare a question later: a drop goes on without.
    if (handle) handles.push(handle.catch(() => null));
  }
  const isFolder = (handle: FileSystemHandle | null) => handle?.kind === 'directory';
  return {
    entries,
    handles: Promise.all(handles).then(all => all.filter(isFolder) as FileSystemDirectoryHandle[]),
  };
}

/** Files and folders of a drop; paths begin with the dropped folder's own name. */
export async function gatherDrop(
  { entries, handles }: Taken,
  known: KnownPaths,
  signal?: AbortSignal,
): Promise<Gathered> {
  const loose: Addition[] = [];
  const nodes: DiskNode[] = [];
  for (const one of entries) {
    if (one instanceof File) loose.push({ file: one, path: one.name, fromFolder: false });
    else nodes.push(nodeOf(one));
  }
  const folders = nodes.filter(({ isFolder }) => isFolder).map(({ path }) => path);
  const { additions, ...rest } = await walk(nodes, {
    areInFolder: false,
    skips: true,
    known: await known(folders),
    signal,
  });
  return { ...rest, additions: [...loose, ...additions], handles: await handles };
}

function nodeOf(entry: FileSystemEntry): DiskNode {
  return {
    name: entry.name,
    path: entry.fullPath.replace(/^\//, '') || entry.name,
    isFolder: entry.isDirectory,
    file: () => new Promise((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject)),
    children: () => childrenOf(entry as FileSystemDirectoryEntry),
  };
}

/** A reader gives at most some hundred entries a call, and none at the end. */
async function childrenOf(directory: FileSystemDirectoryEntry): Promise<DiskNode[]> {
  const reader = directory.createReader();
  const all: DiskNode[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return all;
    all.push(...some.map(nodeOf));
  }
}

/** Files of an <input>; those of a folder input carry their relative path, and the same is left out as of a drop. */
export async function gatherPicked(files: readonly File[], known: KnownPaths): Promise<Gathered> {
  const additions: Addition[] = [];
  const left: Addition[] = [];
  const counts: SkipCounts = {};
  const turn = turns();
  const folder = pickedFolders(files);
  const inFolders = files.filter(file => file.webkitRelativePath);
  const folders = [...new Set(inFolders.map(file => file.webkitRelativePath.split('/', 1)[0] ?? ''))];
  const keep = withFolders(await known(folders));
  for (const file of files) {
    await turn();
    const fromFolder = Boolean(file.webkitRelativePath);
    const path = fromFolder ? file.webkitRelativePath : file.name;
    if (fromFolder && CLUTTER.has(file.name)) continue;
    const inside = fromFolder && !keep.has(path) ? await folder(parentOf(path)) : undefined;
    const reason = inside && (inside.reason ?? reasonToSkip(path.split('/'), false, inside.scope));
    if (reason) countSkipped(counts, reason, 'files');
    (reason ? left : additions).push({ file, path, fromFolder });
  }
  const paths = left.map(({ path }) => path);
  const include = async () => ({ additions: left, unreadable: [], folders: [], handles: [] });
  const skipped = left.length > 0 ? { skipped: { counts, paths, include } } : {};
  return { additions, unreadable: [], folders, handles: [], ...skipped };
}

interface PickedFolder {
  reason?: SkipReason;
  scope?: IgnoreScope | undefined;
}

/** Looks up the folders that picked files lie in, each once. */
function pickedFolders(files: readonly File[]): (path: string) => Promise<PickedFolder> {
  const gitignores = new Map<string, File>();
  for (const file of files) {
    const { name, webkitRelativePath: path } = file;
    if (name === GITIGNORE && path) gitignores.set(parentOf(path), file);
  }
  const known = new Map<string, Promise<PickedFolder>>();
  const look = async (path: string): Promise<PickedFolder> => {
    const names = path.split('/');
    // The picked folder itself was meant, whatever its name.
    const parent = names.length > 1 ? await folder(parentOf(path)) : undefined;
    if (parent?.reason) return parent;
    const reason = parent && reasonToSkip(names, true, parent.scope);
    if (reason) return { reason };
    return { scope: await innerScope(gitignores.get(path), names.length, parent?.scope) };
  };
  const folder = (path: string): Promise<PickedFolder> => {
    const found = known.get(path) ?? look(path);
    known.set(path, found);
    return found;
  };
  return folder;
}

const parentOf = (path: string) => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** Letters of a pasted text that make its file name. */
const NAME_LENGTH = 40;

/** A pasted text as a file named after its first words. */
export function gatherPasted(text: string): Gathered {
  const words = text
    .trimStart()
    .slice(0, 200)
    .split('\n', 1)[0]
    ?.replace(/[^\p{L}\p{N}\s'’-]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  let name = words ?? '';
  if (name.length > NAME_LENGTH)
    name = name
      .slice(0, NAME_LENGTH + 1)
      .replace(/\s+\S*$/, '')
      .slice(0, NAME_LENGTH);
  const file = new File([text], `${name || 'Pasted text'}.txt`, { type: 'text/plain' });
  return {
    additions: [{ file, path: file.name, fromFolder: false }],
    unreadable: [],
    folders: [],
    handles: [],
  };
}
