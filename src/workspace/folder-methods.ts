import { abortable } from '../rpc/abort-port.ts';
import type { Database } from '../store/database.ts';
import { filesBelow, keepFolder, keptFolders, placeFiles } from '../store/folder-files.ts';
import { diffFolders, ordered } from './folder-diff.ts';
import type { FoldersApi } from './folders-api.ts';
import { lookInto } from './look.ts';

/** Folders that files came from, seen again. */
export function folderMethods(db: Database): FoldersApi {
  return {
    async pathsBelow(collectionId, folders) {
      return (await filesBelow(db, collectionId, folders)).map(({ path }) => path);
    },
    async compareFolders(collectionId, folders, seen, looks) {
      const { touched, ...diff } = diffFolders(seen, await filesBelow(db, collectionId, folders), looks);
      await placeFiles(db, touched);
      return ordered(diff, seen);
    },
    lookInto: (files, port, progress) => abortable(port, signal => lookInto(files, signal, progress)),
    placeFiles: places => placeFiles(db, places),
    keepFolder: (collectionId, handle) => keepFolder(db, collectionId, handle),
    keptFolders: collectionId => keptFolders(db, collectionId),
  };
}
