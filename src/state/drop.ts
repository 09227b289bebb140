import type { Addition } from '../workspace/api.ts';
import { type IgnoreScope, innerScope, reasonToSkip, type SkipReason, turns } from './skip.ts';

/** Dropped or picked files, and the paths that could not be opened. */
export interface Gathered {
  additions: Addition[];
  unreadable: string[];
  /** Absent where nothing was left out. */
  skipped?: Skipped;
}

/** What was left out of folders. A folder that is left out whole is counted once: nobody looked into it. */
export interface Skipped {
  counts: SkipCounts;
  /** Gathers what was left out after all. */
  include(): Promise<Gathered>;
}

export type SkipCounts = Partial<Record<SkipReason, { files: number; folders: number }>>;

/** What systems leave in folders and nobody means to add. */
const CLUTTER = new Set(['.DS_Store', 'Thumbs.db', 'desktop.ini']);

const GITIGNORE = '.gitignore';

/**
 * Takes everything out of a drop at once: a DataTransfer is empty after the first await.
 * Where there are no entries, plain files serve.
 */
export function takeDrop(transfer: DataTransfer): (FileSystemEntry | File)[] {
  const taken: (FileSystemEntry | File)[] = [];
  for (const item of transfer.items) {
    if (item.kind !== 'file') continue;
    const one = item.webkitGetAsEntry?.() ?? item.getAsFile();
    if (one) taken.push(one);
  }
  return taken;
}

function isDirectory(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

/** A reader gives at most some hundred entries a call, and none at the end. */
async function childrenOf(directory: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = directory.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return all;
    all.push(...some);
  }
}

/**
 * Walks dropped folders. Paths begin with the dropped folder's own name. Of what lies in a folder, hidden files,
 * node_modules and what a .gitignore names are left out; what was dropped itself never is.
 */
export async function gatherDrop(taken: readonly (FileSystemEntry | File)[]): Promise<Gathered> {
  const loose: Addition[] = [];
  const entries: FileSystemEntry[] = [];
  for (const one of taken) {
    if (one instanceof File) loose.push({ file: one, path: one.name, fromFolder: false });
    else entries.push(one);
  }
  const { additions, ...rest } = await walk(entries, { areInFolder: false, skips: true });
  return { additions: [...loose, ...additions], ...rest };
}

async function walk(
  entries: readonly FileSystemEntry[],
  { areInFolder, skips }: { areInFolder: boolean; skips: boolean },
): Promise<Gathered> {
  const gathered: Gathered = { additions: [], unreadable: [] };
  const left: FileSystemEntry[] = [];
  const counts: SkipCounts = {};
  const turn = turns();
  async function visit(entry: FileSystemEntry, fromFolder: boolean, scope?: IgnoreScope): Promise<void> {
    await turn();
    const path = entry.fullPath.replace(/^\//, '') || entry.name;
    if (fromFolder && entry.isFile && CLUTTER.has(entry.name)) return;
    const names = path.split('/');
    const reason = fromFolder && skips ? reasonToSkip(names, entry.isDirectory, scope) : undefined;
    if (reason) {
      left.push(entry);
      count(counts, reason, entry.isDirectory ? 'folders' : 'files');
      return;
    }
    try {
      if (isDirectory(entry)) {
        const children = await childrenOf(entry);
        const inner = skips ? await innerScope(await gitignoreOf(children), names.length, scope) : undefined;
        for (const child of children) await visit(child, true, inner);
      } else {
        gathered.additions.push({ file: await fileOf(entry as FileSystemFileEntry), path, fromFolder });
      }
    } catch {
      gathered.unreadable.push(path);
    }
  }
  for (const entry of entries) await visit(entry, areInFolder);
  const include = () => walk(left, { areInFolder: true, skips: false });
  return left.length > 0 ? { ...gathered, skipped: { counts, include } } : gathered;
}

async function gitignoreOf(entries: readonly FileSystemEntry[]): Promise<File | undefined> {
  const found = entries.find(({ name, isFile }) => isFile && name === GITIGNORE);
  return found && fileOf(found as FileSystemFileEntry).catch(() => undefined);
}

function count(counts: SkipCounts, reason: SkipReason, kind: 'files' | 'folders'): void {
  const of = counts[reason] ?? { files: 0, folders: 0 };
  of[kind] += 1;
  counts[reason] = of;
}

/** Files of an <input>; those of a folder input carry their relative path, and the same is left out as of a drop. */
export async function gatherPicked(files: Iterable<File>): Promise<Gathered> {
  // At once: an input is emptied behind this call.
  const all = [...files];
  const additions: Addition[] = [];
  const left: Addition[] = [];
  const counts: SkipCounts = {};
  const turn = turns();
  const folder = pickedFolders(all);
  for (const file of all) {
    await turn();
    const fromFolder = Boolean(file.webkitRelativePath);
    const path = fromFolder ? file.webkitRelativePath : file.name;
    if (fromFolder && CLUTTER.has(file.name)) continue;
    const inside = fromFolder ? await folder(parentOf(path)) : undefined;
    const reason = inside && (inside.reason ?? reasonToSkip(path.split('/'), false, inside.scope));
    if (reason) count(counts, reason, 'files');
    (reason ? left : additions).push({ file, path, fromFolder });
  }
  const include = async () => ({ additions: left, unreadable: [] });
  return { additions, unreadable: [], ...(left.length > 0 ? { skipped: { counts, include } } : {}) };
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
  return { additions: [{ file, path: file.name, fromFolder: false }], unreadable: [] };
}
