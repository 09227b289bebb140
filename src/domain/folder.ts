import type { FileState } from './collection.ts';

/** Files of folders as they lie on disk, in columns: thousands of them go to a worker at once. */
export interface SeenFiles {
  /** Each begins with the name of the folder that was added; no two alike. */
  paths: string[];
  bytes: number[];
  /** Milliseconds since 1970, as the disk has it. */
  modifiedAt: number[];
  /** Files and folders that nobody looked into: left out, or not readable. What is stored of them stays as it is. */
  unseen: string[];
}

/** What a collection holds of a folder. */
export interface StoredFile {
  id: string;
  path: string;
  bytes: number;
  /** Absent on files stored without it. */
  modifiedAt?: number | undefined;
  sha256: string;
  state: FileState;
}

/** What a look into a file found: its sha256 in hex, nothing to read in it, or that it cannot be opened any more. */
export type Look = { sha256: string | undefined } | 'binary' | 'unreadable';

/** A stored file, and where its content lies now. */
export interface Move {
  id: string;
  from: string;
  /** Index of the seen file. */
  to: number;
}

export interface GoneFile {
  id: string;
  path: string;
  bytes: number;
}

/** Folders as seen, compared with what is stored of them. Numbers are indexes of seen files, each in one list only. */
export interface FolderDiff {
  /** Neither size nor time tells: look into these, with the hash where `hash` says so, and compare again. */
  toLook: { index: number; hash: boolean }[];
  added: number[];
  changed: number[];
  moved: Move[];
  /** Stored, and no longer in the folder. */
  gone: GoneFile[];
  /** As stored, but its reading failed or was cancelled. */
  stopped: number[];
  unchanged: number;
  binary: number[];
  unreadable: number[];
  /** Unchanged by content, with another time on disk than stored: noted, it saves the next comparison the look. */
  touched: FilePlace[];
}

/** 'a/b/c.md' → ['a', 'a/b'] */
export function foldersAbove(path: string): string[] {
  const above: string[] = [];
  for (let cut = path.indexOf('/'); cut >= 0; cut = path.indexOf('/', cut + 1))
    above.push(path.slice(0, cut));
  return above;
}

/** A folder of this machine that files came from, kept to be looked at again. */
export interface KeptFolder {
  name: string;
  handle: FileSystemDirectoryHandle;
}

/** Where a file belongs from now on, and when it was last changed on disk. */
export interface FilePlace {
  id: string;
  /** Absent where it stays. */
  path?: string;
  modifiedAt?: number;
}
