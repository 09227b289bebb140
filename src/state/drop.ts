import type { Addition } from '../workspace/api.ts';

/** Dropped or picked files, and the paths that could not be opened. */
export interface Gathered {
  additions: Addition[];
  unreadable: string[];
}

/** What systems leave in folders and nobody means to add. */
const CLUTTER = new Set(['.DS_Store', 'Thumbs.db', 'desktop.ini']);

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

/** Walks dropped folders. Paths begin with the dropped folder's own name. */
export async function gatherDrop(taken: readonly (FileSystemEntry | File)[]): Promise<Gathered> {
  const gathered: Gathered = { additions: [], unreadable: [] };
  async function visit(entry: FileSystemEntry, fromFolder: boolean): Promise<void> {
    const path = entry.fullPath.replace(/^\//, '') || entry.name;
    try {
      if (isDirectory(entry)) {
        for (const child of await childrenOf(entry)) await visit(child, true);
      } else if (!(fromFolder && CLUTTER.has(entry.name))) {
        gathered.additions.push({ file: await fileOf(entry as FileSystemFileEntry), path, fromFolder });
      }
    } catch {
      gathered.unreadable.push(path);
    }
  }
  for (const one of taken) {
    if (one instanceof File) gathered.additions.push({ file: one, path: one.name, fromFolder: false });
    else await visit(one, false);
  }
  return gathered;
}

/** Files of an <input>; those of a folder input carry their relative path. */
export function gatherPicked(files: Iterable<File>): Gathered {
  const additions: Addition[] = [];
  for (const file of files) {
    const fromFolder = file.webkitRelativePath !== '';
    if (fromFolder && CLUTTER.has(file.name)) continue;
    additions.push({ file, path: fromFolder ? file.webkitRelativePath : file.name, fromFolder });
  }
  return { additions, unreadable: [] };
}

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
