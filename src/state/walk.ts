import { foldersAbove } from '../domain/folder.ts';
import type { Addition } from '../workspace/api.ts';
import { type IgnoreScope, innerScope, reasonToSkip, type SkipReason, turns } from './skip.ts';

/** Dropped or picked files, and the paths that could not be opened. */
export interface Gathered {
  additions: Addition[];
  unreadable: string[];
  /** Absent where nothing was left out. */
  skipped?: Skipped;
  /** Names of the folders that were gone through: what is known of them can be compared with what was found. */
  folders: string[];
  /** Those that can be gone through again without asking where they are. */
  handles: FileSystemDirectoryHandle[];
}

/** What was left out of folders. A folder that is left out whole is counted once: nobody looked into it. */
export interface Skipped {
  counts: SkipCounts;
  /** Of the files, and of the folders left out whole. */
  paths: string[];
  /** Gathers what was left out after all. */
  include(): Promise<Gathered>;
}

export type SkipCounts = Partial<Record<SkipReason, { files: number; folders: number }>>;

/** Looks up which paths are known below folders. Known files are never left out: somebody had them included. */
export type KnownPaths = (folders: string[]) => Promise<readonly string[]>;

/** Gathers files, as soon as it is known which of their paths are known. */
export type Gathering = (known: KnownPaths, signal: AbortSignal) => Promise<Gathered>;

/** What systems leave in folders and nobody means to add. */
export const CLUTTER = new Set(['.DS_Store', 'Thumbs.db', 'desktop.ini']);

export const GITIGNORE = '.gitignore';

/** Asking the browser for a file is mostly waiting. */
const FILES_AT_ONCE = 32;

/** A file or folder on disk, however the page has got it. */
export interface DiskNode {
  name: string;
  /** Begins with what was added. */
  path: string;
  isFolder: boolean;
  /** Of a file. */
  file(): Promise<File>;
  /** Of a folder. */
  children(): Promise<DiskNode[]>;
}

interface WalkOptions {
  /** Whether the nodes themselves lie in a folder: what was added itself is never left out. */
  areInFolder: boolean;
  skips: boolean;
  known?: readonly string[];
  signal?: AbortSignal | undefined;
}

/** Known paths, and every folder that leads to one. */
export function withFolders(paths: readonly string[]): ReadonlySet<string> {
  return new Set(paths.flatMap(path => [...foldersAbove(path), path]));
}

/**
 * Walks folders. Of what lies in a folder, hidden files, node_modules and what a .gitignore names are left out, unless
 * known. Rejects with AbortError alone.
 */
export async function walk(
  nodes: readonly DiskNode[],
  { areInFolder, skips, known = [], signal }: WalkOptions,
): Promise<Gathered> {
  const folders = areInFolder ? [] : nodes.filter(({ isFolder }) => isFolder).map(({ path }) => path);
  const gathered: Gathered = { additions: [], unreadable: [], folders, handles: [] };
  const keep = withFolders(known);
  const left: DiskNode[] = [];
  const counts: SkipCounts = {};
  const turn = turns();

  interface Place {
    fromFolder: boolean;
    scope?: IgnoreScope | undefined;
    /** Of a folder that is entered for the sake of what is known in it. */
    reason?: SkipReason | undefined;
  }

  /** Files that are taken come back, so that their order stays; what lies in folders is gathered on the way. */
  async function visit(node: DiskNode, { fromFolder, scope, reason: above }: Place): Promise<Addition[]> {
    await turn();
    signal?.throwIfAborted();
    const { path, isFolder } = node;
    if (fromFolder && !isFolder && CLUTTER.has(node.name)) return [];
    const names = path.split('/');
    const reason = fromFolder && skips ? (above ?? reasonToSkip(names, isFolder, scope)) : undefined;
    if (reason && !keep.has(path)) {
      left.push(node);
      countSkipped(counts, reason, isFolder ? 'folders' : 'files');
      return [];
    }
    if (!isFolder) {
      const file = await node.file().catch(() => undefined);
      if (file) return [{ file, path, fromFolder }];
      gathered.unreadable.push(path);
      return [];
    }
    const children = await node.children().catch(() => undefined);
    if (children) {
      const inner = skips ? await innerScope(await gitignoreOf(children), names.length, scope) : undefined;
      await visitAll(children, { fromFolder: true, scope: inner, reason });
    } else gathered.unreadable.push(path);
    return [];
  }

  async function visitAll(all: readonly DiskNode[], place: Place): Promise<void> {
    for (const some of runs(all)) {
      const files = await Promise.all(some.map(node => visit(node, place)));
      gathered.additions.push(...files.flat());
    }
  }

  await visitAll(nodes, { fromFolder: areInFolder });
  if (left.length === 0) return gathered;
  const include = () => walk(left, { areInFolder: true, skips: false });
  return { ...gathered, skipped: { counts, paths: left.map(({ path }) => path), include } };
}

/** Neighbouring files, so many together as are asked for at once; a folder is a run of its own. */
function runs(nodes: readonly DiskNode[]): DiskNode[][] {
  const all: DiskNode[][] = [];
  for (const node of nodes) {
    const last = all.at(-1);
    const isOpen = last && last.length < FILES_AT_ONCE && !last[0]?.isFolder;
    if (isOpen && !node.isFolder) last.push(node);
    else all.push([node]);
  }
  return all;
}

async function gitignoreOf(nodes: readonly DiskNode[]): Promise<File | undefined> {
  const found = nodes.find(({ name, isFolder }) => !isFolder && name === GITIGNORE);
  return found?.file().catch(() => undefined);
}

export function countSkipped(counts: SkipCounts, reason: SkipReason, kind: 'files' | 'folders'): void {
  const of = counts[reason] ?? { files: 0, folders: 0 };
  of[kind] += 1;
  counts[reason] = of;
}

/** What was left out by its place, and the files that turned out to hold no text; undefined for nothing at all. */
export function withBinary(counts: SkipCounts | undefined, files: number): SkipCounts | undefined {
  return files > 0 ? { ...counts, binary: { files, folders: 0 } } : counts;
}
