import type { FilePlace, FolderDiff, KeptFolder, Look, SeenFiles } from '../domain/folder.ts';

/** Folders that files came from, seen again: what became of their files, and where to look. */
export interface FoldersApi {
  /** Paths of a collection's files below folders, given by their names. */
  pathsBelow(collectionId: string, folders: string[]): Promise<string[]>;
  /**
   * Compares folders as they are seen with what is stored of them; nothing that a person sees is changed. Where the
   * answer asks for looks, `lookInto` these and compare again.
   */
  compareFolders(
    collectionId: string,
    folders: string[],
    seen: SeenFiles,
    looks: ReadonlyMap<number, Look>,
  ): Promise<Omit<FolderDiff, 'touched'>>;
  /** What is in files: hashed where `hash` is true. An answer for each, in their order. */
  lookInto(
    files: { file: File; hash: boolean }[],
    abort: MessagePort,
    progress: (files: number) => void,
  ): Promise<Look[]>;
  /** Gives files other paths, all at once; their chunks and vectors stay as they are. */
  placeFiles(places: FilePlace[]): Promise<void>;
  /** Keeps a folder, to be looked at again; one of the same name makes room. */
  keepFolder(collectionId: string, handle: FileSystemDirectoryHandle): Promise<void>;
  keptFolders(collectionId: string): Promise<KeptFolder[]>;
}
