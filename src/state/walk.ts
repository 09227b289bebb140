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

  async function visit(node: DiskNode, { fromFolder, scope, reason: above }: Place): Promise<void> {
    await turn();
    signal?.throwIfAborted();
    const { path, isFolder } = node;
    if (fromFolder && !isFolder && CLUTTER.has(node.name)) return;
    const names = path.split('/');
    const reason = fromFolder && skips ? (above ?? reasonToSkip(names, isFolder, scope)) : undefined;
    if (reason && !keep.has(path)) {
      left.push(node);
      countSkipped(counts, reason, isFolder ? 'folders' : 'files');
      return;
    }
    if (!isFolder) {
      const file = await node.file().catch(() => undefined);
      if (file) gathered.additions.push({ file, path, fromFolder });
      else gathered.unreadable.push(path);
      return;
    }
    const children = await node.children().catch(() => undefined);
    if (!children) {
      gathered.unreadable.push(path);
      return;
    }
    const inner = skips ? await innerScope(await gitignoreOf(children), names.length, scope) : undefined;
    for (const child of children) await visit(child, { fromFolder: true, scope: inner, reason });
  }

  for (const node of nodes) await visit(node, { fromFolder: areInFolder });
  if (left.length === 0) return gathered;
  const include = () => walk(left, { areInFolder: true, skips: false });
  return { ...gathered, skipped: { counts, paths: left.map(({ path }) => path), include } };
}

async function gitignoreOf(nodes: readonly DiskNode[]): Promise<File | undefined> {
  const found = nodes.find(({ name, isFolder }) => !isFolder && name === GITIGNORE);
  return found?.file().catch(() => undefined);
}

export function countSkipped(
  counts: SkipCounts,
  reason: SkipReason,
  kind: 'files' | 'folders',
  more = 1,
): void {
  const of = counts[reason] ?? { files: 0, folders: 0 };
  of[kind] += more;
  counts[reason] = of;
}
