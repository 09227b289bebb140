import type { FilePlace, FolderDiff, Look, SeenFiles } from '../domain/folder.ts';
import { isModelPath } from '../domain/split.ts';
import type { Addition } from '../workspace/api.ts';
import type { WorkspaceClient } from '../workspace/client.ts';
import { turns } from './skip.ts';
import { type Gathered, type SkipCounts, withBinary } from './walk.ts';

/** What became of a folder's files. Each group is worked on, or not, as a whole. */
export type ChangeGroup = 'changed' | 'moved' | 'added' | 'stopped' | 'gone';

/** A file as a list shows it. */
export interface ChangeRow {
  path: string;
  bytes: number;
  /** Of a file that moved. */
  from?: string;
}

/** Folders compared with what a collection holds of them, and what each group would do to it. */
export interface Comparison {
  folders: readonly string[];
  rows: Readonly<Record<ChangeGroup, readonly ChangeRow[]>>;
  unchanged: number;
  /** New and without text: left out. */
  binary: Addition[];
  /** All that was left out. */
  skipped: SkipCounts | undefined;
  /** Could be opened no more when they were looked into. */
  unreadable: string[];
  /** What to add for these groups. */
  additions(groups: ReadonlySet<ChangeGroup>): Addition[];
  /** Where moved files belong, and where they were. */
  moves: { to: FilePlace[]; back: FilePlace[] };
  /** Ids of the files that are gone. */
  gone: string[];
}

type Comparer = Pick<WorkspaceClient, 'compareFolders' | 'lookInto'>;

/**
 * Compares what was gathered of folders with what the collection holds of them; nothing is changed. Files that are not
 * told by size and time are looked into, of which `progress` hears. Models are no files of a collection.
 */
export async function compareGathered(
  client: Comparer,
  collectionId: string,
  gathered: Gathered,
  signal: AbortSignal,
  progress: (done: number, total: number) => void,
): Promise<Comparison> {
  const { folders, unreadable, skipped } = gathered;
  const files = gathered.additions.filter(({ fromFolder, path }) => fromFolder && !isModelPath(path));
  const seen = await columnsOf(files, [...unreadable, ...(skipped?.paths ?? [])]);
  const compare = (looks: ReadonlyMap<number, Look>) =>
    client.compareFolders(collectionId, folders, seen, looks);
  const first = await compare(new Map());
  signal.throwIfAborted();
  const { toLook } = first;
  if (toLook.length === 0) return comparisonOf(gathered, files, seen, first);
  progress(0, toLook.length);
  const asked = toLook.map(({ index, hash }) => ({ file: (files[index] as Addition).file, hash }));
  const looks = await client.lookInto(asked, signal, done => progress(done, toLook.length));
  const found = new Map(toLook.map(({ index }, i) => [index, looks[i] as Look]));
  return comparisonOf(gathered, files, seen, await compare(found));
}

async function columnsOf(files: readonly Addition[], unseen: string[]): Promise<SeenFiles> {
  const seen: SeenFiles = { paths: [], bytes: [], modifiedAt: [], unseen };
  const turn = turns();
  for (const { path, file } of files) {
    await turn();
    seen.paths.push(path);
    seen.bytes.push(file.size);
    seen.modifiedAt.push(file.lastModified);
  }
  return seen;
}

function comparisonOf(
  { folders, skipped }: Gathered,
  files: readonly Addition[],
  seen: SeenFiles,
  diff: Omit<FolderDiff, 'touched'>,
): Comparison {
  const pick = (indexes: readonly number[]) => indexes.map(index => files[index] as Addition);
  const row = (index: number): ChangeRow => ({
    path: seen.paths[index] ?? '',
    bytes: seen.bytes[index] ?? 0,
  });
  return {
    folders,
    rows: {
      changed: diff.changed.map(row),
      moved: diff.moved.map(({ to, from }) => ({ ...row(to), from })),
      added: diff.added.map(row),
      stopped: diff.stopped.map(row),
      gone: diff.gone,
    },
    unchanged: diff.unchanged,
    binary: pick(diff.binary),
    skipped: withBinary(skipped?.counts, diff.binary.length),
    unreadable: diff.unreadable.map(index => seen.paths[index] ?? ''),
    additions(groups) {
      // What was a file of the collection before stays one, whatever is in it now.
      const known = [
        ...(groups.has('changed') ? pick(diff.changed) : []),
        ...(groups.has('stopped') ? pick(diff.stopped) : []),
      ].map((addition): Addition => ({ ...addition, asked: true }));
      return [...known, ...(groups.has('added') ? pick(diff.added) : [])];
    },
    moves: {
      to: diff.moved.map(({ id, to }) => ({
        id,
        path: seen.paths[to] ?? '',
        modifiedAt: seen.modifiedAt[to] ?? 0,
      })),
      back: diff.moved.map(({ id, from }) => ({ id, path: from })),
    },
    gone: diff.gone.map(({ id }) => id),
  };
}
