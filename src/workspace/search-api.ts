import type { ChunkPlace, ChunkValues, SearchAnswer, SearchQuery } from '../domain/search.ts';
import type { AbortPort } from './api.ts';
import type { CollectionFacts, LikenessFacts } from './facts-api.ts';

/** What the search field, the hits and the map ask of the workspace. Rejects with a VecdropError's name and message. */
export interface SearchApi {
  /**
   * The last query wins: an earlier one that is still under way is given up by whoever asked. Where the query's vector
   * takes a while, `early` is called with what words alone find, its `meaning` being 'wait'; where vectors are held
   * rounded, it is called with what these find, before the exact ones are read.
   */
  search(
    collectionId: string,
    query: SearchQuery,
    abort: AbortPort,
    early?: (answer: SearchAnswer) => void,
  ): Promise<SearchAnswer>;
  /** Opens the collection's index, or makes it, and loads the model: asked before the first key is pressed. */
  prepareSearch(collectionId: string): Promise<void>;
  /** Chunks of the same collection nearest to one of its chunks, that one left out. */
  similar(place: ChunkPlace, limit: number, abort: AbortPort): Promise<SearchAnswer>;
  /** The score of every readable chunk, 0 for what was not found: for colours on the map. */
  searchScores(collectionId: string, query: SearchQuery, abort: AbortPort): Promise<ChunkValues>;
  /** How long the chunks are, and in which languages. */
  collectionFacts(collectionId: string): Promise<CollectionFacts>;
  /** Which chunks say nearly the same, and which are like no others; of many chunks it takes a while. */
  likenessFacts(collectionId: string, abort: AbortPort): Promise<LikenessFacts>;
  /**
   * Where words of a query stand in each of some texts: spans in order, as in a hit's excerpt. Words that most chunks
   * of the collection have are left out.
   */
  queryMarks(
    collectionId: string,
    query: string,
    texts: readonly string[],
  ): Promise<[start: number, end: number][][]>;
}
