import type { ExportHeader, ExportRecord } from '../format.ts';
import type { FlatPlace } from '../place.ts';

/** Sends a request out; may refuse by itself, with a VecdropError. */
export type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

/** Where a database is, and how it is entered. */
export interface DatabaseAddress {
  /** Without a slash at its end. */
  address: string;
  key?: string | undefined;
  /** Of databases that are divided: `scopes` names what they have. */
  scope?: DatabaseScope | undefined;
}

/** The part of a server that is meant; what is left out is the server's own choice. */
export interface DatabaseScope {
  tenant?: string | undefined;
  database?: string | undefined;
}

/** What a server says of itself. */
export interface ServerFacts {
  version: string;
  /** Names of its collections; of very many the first. */
  collections: string[];
}

/** How a collection compares vectors. */
export type Distance = 'cosine' | 'dot' | 'euclid' | 'other';

/** A collection that is there. */
export interface CollectionFacts {
  /** Absent where the first vector decides. */
  dimensions?: number;
  distance: Distance;
  points: number;
}

/** What is stored beside a point to know it again: whose it is, and a hash of its content. */
export const OWNER = 'vecdrop_collection';
export const MARK = 'vecdrop_mark';

/** A record on its way into a database. */
export interface Point {
  record: ExportRecord;
  marks: FlatPlace & { [OWNER]: string; [MARK]: string };
}

/** A point that a collection of Vecdrop's has sent, and the chunk that it was. */
export interface OwnedPoint {
  id: string;
  file: string;
  ordinal: number;
}

/**
 * One server, as far as filling it goes. Every method tries again what may pass, and rejects with AbortError,
 * 'database/unreachable', 'database/refused', what `fetch` refuses by itself, or TooLarge for a request that the server
 * finds too long.
 */
export interface DatabaseClient {
  check(signal: AbortSignal): Promise<ServerFacts>;
  /** Undefined where it is not there. Rejects with 'database/mismatch' where it is of a kind that no vector fits. */
  look(collection: string, signal: AbortSignal): Promise<CollectionFacts | undefined>;
  /** Makes the collection where it is not there, measuring by cosine; and what finding one's own points needs. */
  prepare(collection: string, make: { dimensions: number } | undefined, signal: AbortSignal): Promise<void>;
  /** Records that one request may have. Asked after `prepare`. */
  most(signal: AbortSignal): Promise<number>;
  /** Writes points, in the place of those with their ids; resolves when they are stored. */
  upsert(
    collection: string,
    points: readonly Point[],
    header: ExportHeader,
    signal: AbortSignal,
  ): Promise<void>;
  /** The marks of those of the ids that are there; '' for points without one. */
  marks(collection: string, ids: readonly string[], signal: AbortSignal): Promise<Map<string, string>>;
  /** Every point of one owner, in pages. */
  owned(collection: string, owner: string, signal: AbortSignal): AsyncIterable<OwnedPoint[]>;
  remove(collection: string, ids: readonly string[], signal: AbortSignal): Promise<void>;
}

export interface ClientOptions extends DatabaseAddress {
  fetch: Fetch;
  /** The page's origin, for what to set where the server does not answer it. */
  origin: string;
  /** How often what may pass is tried again. */
  retries?: number;
  wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** One kind of database: one file, and one line in the registry. */
export interface Database {
  id: string;
  /** As shown to a person. */
  name: string;
  /** An address as it usually is. */
  address: string;
  /** What of DatabaseScope it has. */
  scopes: readonly (keyof DatabaseScope)[];
  open(options: ClientOptions): DatabaseClient;
}
