import type { Failure } from '../domain/collection.ts';
import type { ChunkPlace } from '../domain/search.ts';
import type { AbortPort } from './api.ts';

/** A kind of database that can be filled from the page. */
export interface DatabaseInfo {
  id: string;
  name: string;
  /** An address as it usually is. */
  address: string;
  /** How it is divided beside collections: what a person may name. */
  scopes: readonly ('tenant' | 'database')[];
}

/** Where records go. */
export interface UpsertTarget {
  /** A DatabaseInfo's id. */
  database: string;
  address: string;
  /** Absent where the one that was given before for this address serves, or none is wanted. */
  key?: string;
  /** Whether a given key may be kept in this browser; else it is forgotten with the tab. */
  keepKey?: boolean;
  /** The server's own choice where absent. */
  tenant?: string;
  scopeDatabase?: string;
  /** Name of the collection there. */
  collection: string;
}

/** Which records go; all of the collection where both are absent. */
export interface UpsertSelection {
  fileIds?: string[];
  places?: ChunkPlace[];
}

/** What there is to send, before anything is asked of anyone. */
export interface UpsertOffer {
  /** What the collection could be called there. */
  collection: string;
  records: number;
  dimensions: number;
  /** Files not yet whole, whose vectors so far would go. */
  unfinished: number;
}

/** What was found at an address. */
export interface DatabaseLook {
  version: string;
  /** Names of the collections there. */
  collections: string[];
  /** The collection of the wanted name; it will be made where absent. */
  there?: { points: number; dimensions?: number };
  /** Why the collection there cannot take the records. */
  problem?: Failure;
  /** What a person should know of it, in a sentence. */
  note?: string;
}

export interface UpsertProgress {
  /** Records looked at, of all. */
  done: number;
  total: number;
}

export interface UpsertReport {
  /** Records that were not there before. */
  added: number;
  /** There before with another content. */
  updated: number;
  /** There with the same content: not sent. */
  unchanged: number;
  /** Points there of texts that are in the collection no more; 0 where only a part was sent. */
  leftOver: number;
}

/** How a key for an address is known: not, until the tabs close, or kept in this browser. */
export type KnownKey = 'none' | 'tab' | 'kept';

/**
 * Filling vector databases. Rejects with a VecdropError's name and message: 'host/not-allowed' before the host is
 * allowed, 'database/unreachable', 'database/refused', 'database/mismatch'. Whatever ends a run, a later one goes on.
 */
export interface UpsertApi {
  databases(): Promise<DatabaseInfo[]>;
  upsertOffer(collectionId: string, selection: UpsertSelection): Promise<UpsertOffer>;
  databaseKey(address: string): Promise<KnownKey>;
  forgetDatabaseKey(address: string): Promise<void>;
  /** Who is there, and whether the records fit. Writes nothing; a key that was taken is remembered. */
  lookAtDatabase(collectionId: string, target: UpsertTarget, abort: AbortPort): Promise<DatabaseLook>;
  /** Makes the collection there where it is missing, and sends what it does not have. */
  upsertCollection(
    collectionId: string,
    target: UpsertTarget,
    selection: UpsertSelection,
    abort: AbortPort,
    progress: (progress: UpsertProgress) => void,
  ): Promise<UpsertReport>;
  /** Removes the points there of texts that are in the collection no more. Resolves to their number. */
  removeLeftOver(collectionId: string, target: UpsertTarget, abort: AbortPort): Promise<number>;
}
