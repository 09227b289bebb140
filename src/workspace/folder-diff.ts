import {
  type FolderDiff,
  foldersAbove,
  type Look,
  type SeenFiles,
  type StoredFile,
} from '../domain/folder.ts';

/**
 * Compares folders as seen with what is stored of them: by path, then size and time, then content. With looks for all
 * that an earlier answer's `toLook` names, nothing is left to look at. A stored file below a seen file came out of that
 * archive: archives are compared as one, by time.
 */
export function diffFolders(
  seen: SeenFiles,
  stored: readonly StoredFile[],
  looks: ReadonlyMap<number, Look>,
): FolderDiff {
  const diff: FolderDiff = {
    toLook: [],
    added: [],
    changed: [],
    moved: [],
    gone: [],
    stopped: [],
    unchanged: 0,
    binary: [],
    unreadable: [],
    touched: [],
  };
  const { missing, unpacked, samePath } = placed(seen, stored);
  const missingSizes = new Set(missing.map(({ bytes, path }) => sizeAndKind(bytes, path)));
  const fresh: { index: number; sha256: string }[] = [];
  for (const [index, path] of seen.paths.entries()) {
    const there = samePath.get(index);
    const inside = unpacked.get(index);
    const look = looks.get(index);
    if (look === 'unreadable') diff.unreadable.push(index);
    else if (there) compareOne(diff, seen, index, there, look);
    else if (inside) {
      if (inside.every(({ modifiedAt }) => modifiedAt === seen.modifiedAt[index])) diff.unchanged += 1;
      else diff.changed.push(index);
    } else if (look === undefined) {
      diff.toLook.push({ index, hash: missingSizes.has(sizeAndKind(seen.bytes[index] ?? 0, path)) });
    } else if (look === 'binary') diff.binary.push(index);
    else if (look.sha256 === undefined) diff.added.push(index);
    else fresh.push({ index, sha256: look.sha256 });
  }
  pairMoves(diff, seen, missing, fresh);
  return diff;
}

/** The lists as people order names: note-2 before note-10. */
export function ordered(
  diff: Omit<FolderDiff, 'touched'>,
  { paths }: SeenFiles,
): Omit<FolderDiff, 'touched'> {
  const { compare } = new Intl.Collator('en', { numeric: true });
  const byIndex = (a: number, b: number) => compare(paths[a] ?? '', paths[b] ?? '');
  return {
    ...diff,
    added: diff.added.toSorted(byIndex),
    changed: diff.changed.toSorted(byIndex),
    stopped: diff.stopped.toSorted(byIndex),
    moved: diff.moved.toSorted((a, b) => byIndex(a.to, b.to)),
    gone: diff.gone.toSorted((a, b) => compare(a.path, b.path)),
  };
}

/** The same path: the size tells most, time and size together all; else the content decides. */
function compareOne(
  diff: FolderDiff,
  seen: SeenFiles,
  index: number,
  there: StoredFile,
  look: Exclude<Look, 'unreadable'> | undefined,
): void {
  const modifiedAt = seen.modifiedAt[index] ?? 0;
  if (seen.bytes[index] !== there.bytes) {
    diff.changed.push(index);
    return;
  }
  const sameTime = there.modifiedAt === modifiedAt;
  if (!sameTime && look === undefined) {
    diff.toLook.push({ index, hash: true });
    return;
  }
  // What was read as a text once is the person's own: turned binary it has changed, and is not left out.
  const sameContent = sameTime || (look !== 'binary' && look?.sha256 === there.sha256);
  if (!sameContent) diff.changed.push(index);
  else {
    if (there.state === 'failed' || there.state === 'cancelled') diff.stopped.push(index);
    else diff.unchanged += 1;
    if (!sameTime) diff.touched.push({ id: there.id, modifiedAt });
  }
}

interface Placed {
  samePath: Map<number, StoredFile>;
  /** What came out of archives that are still there, by the archive's index. */
  unpacked: Map<number, StoredFile[]>;
  missing: StoredFile[];
}

function placed(seen: SeenFiles, stored: readonly StoredFile[]): Placed {
  const indexOf = new Map(seen.paths.map((path, index) => [path, index]));
  const unseen = new Set(seen.unseen);
  const result: Placed = { samePath: new Map(), unpacked: new Map(), missing: [] };
  for (const file of stored) {
    const index = indexOf.get(file.path);
    if (index !== undefined) {
      result.samePath.set(index, file);
      continue;
    }
    const above = foldersAbove(file.path);
    const archive = above.map(path => indexOf.get(path)).find(found => found !== undefined);
    if (archive !== undefined) result.unpacked.set(archive, [...(result.unpacked.get(archive) ?? []), file]);
    else if (!unseen.has(file.path) && !above.some(path => unseen.has(path))) result.missing.push(file);
  }
  return result;
}

function listIn<K, V>(lists: Map<K, V[]>, key: K): V[] {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  return list;
}

/** Pairs new files with missing ones of the same content: those that kept their name first. */
function pairMoves(
  diff: FolderDiff,
  seen: SeenFiles,
  missing: readonly StoredFile[],
  fresh: readonly { index: number; sha256: string }[],
): void {
  const free = new Map<string, StoredFile[]>();
  const keyOf = (sha256: string, path: string) => `${sha256} ${kindOf(path)}`;
  for (const file of missing) {
    listIn(free, keyOf(file.sha256, file.path)).push(file);
  }
  const movedTo = new Set<number>();
  const take = (sameName: boolean) => {
    for (const { index, sha256 } of fresh) {
      const path = seen.paths[index] ?? '';
      const files = free.get(keyOf(sha256, path)) ?? [];
      const at = files.findIndex(file => !sameName || nameOf(file.path) === nameOf(path));
      if (movedTo.has(index) || at < 0) continue;
      const [file] = files.splice(at, 1);
      if (!file) continue;
      movedTo.add(index);
      diff.moved.push({ id: file.id, from: file.path, to: index });
    }
  };
  take(true);
  take(false);
  for (const { index } of fresh) if (!movedTo.has(index)) diff.added.push(index);
  const movedFrom = new Set(diff.moved.map(({ id }) => id));
  for (const { id, path, bytes } of missing) if (!movedFrom.has(id)) diff.gone.push({ id, path, bytes });
}

const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);

/** What of a name decides how a file is read: a file renamed to another kind is read anew, and so has not moved. */
function kindOf(path: string): string {
  const name = nameOf(path).toLowerCase();
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(dot) : name;
}

const sizeAndKind = (bytes: number, path: string) => `${bytes} ${kindOf(path)}`;
