import type { Recipe } from './recipe.ts';

/** A collection as the page sees it. */
export interface CollectionInfo {
  id: string;
  name: string;
  /** The recipe that the readable vectors were made by. */
  recipe: Recipe;
  /** The recipe that is being worked towards, while the old vectors still serve. */
  nextRecipe?: Recipe;
  createdAt: number;
  files: number;
  chunks: number;
  tokens: number;
  /** Bytes of the original files. */
  bytes: number;
}

/** Where a file stands: waiting → reading → embedding → done, or failed, or cancelled. */
export type FileState = 'waiting' | 'reading' | 'embedding' | 'done' | 'failed' | 'cancelled';

/** A failure as it is kept and shown. */
export interface Failure {
  code: string;
  /** A sentence for a person. */
  message: string;
  /** What the program said, for whoever has to find out why. */
  detail?: string;
}

/** A file as the page's list shows it. */
export interface FileRow {
  id: string;
  collectionId: string;
  /** With folders, '/' between them; unique in its collection. */
  path: string;
  bytes: number;
  state: FileState;
  /** Chunks embedded and committed, of `chunks`. */
  done: number;
  chunks: number;
  tokens: number;
  /** Runs read as [UNK], over all chunks. */
  unknown: number;
  /** Pages, where the format has them. */
  pages?: number;
  /** What a person should know of its reading, in a few words. */
  notice?: string;
  /** The format's id, once read. */
  format?: string;
  error?: Failure;
  addedAt: number;
  deletedAt?: number;
  /** The database's revision at this row's last change. */
  revision: number;
}
