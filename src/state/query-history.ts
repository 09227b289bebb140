/** Where the page keeps small things between visits; null where it may not. */
export type Keeper = Pick<Storage, 'getItem' | 'setItem'> | null;

const KEY = 'vecdrop:queries';
/** Queries kept of a collection, and collections of which any are kept: the oldest make room. */
const MOST = 12;
const MOST_COLLECTIONS = 50;

/** The queries that were asked of each collection, newest first. They are in this browser only. */
export function createQueryHistory(keeper: Keeper) {
  function readAll(): Record<string, string[]> {
    try {
      const kept: unknown = JSON.parse(keeper?.getItem(KEY) ?? '{}');
      if (typeof kept !== 'object' || kept === null) return {};
      const isText = (query: unknown) => typeof query === 'string';
      const lists = Object.entries(kept).filter(([, list]) => Array.isArray(list) && list.every(isText));
      return Object.fromEntries(lists);
    } catch {
      return {};
    }
  }

  function write(collectionId: string, queries: string[]): void {
    const { [collectionId]: _, ...others } = readAll();
    const rest = Object.entries(others).slice(0, MOST_COLLECTIONS - 1);
    const all = queries.length > 0 ? [[collectionId, queries], ...rest] : rest;
    try {
      keeper?.setItem(KEY, JSON.stringify(Object.fromEntries(all)));
    } catch {
      // Gone with the tab.
    }
  }

  return {
    of: (collectionId: string): string[] => readAll()[collectionId] ?? [],
    add(collectionId: string, query: string): void {
      const text = query.trim();
      if (text === '') return;
      const others = (readAll()[collectionId] ?? []).filter(known => known !== text);
      write(collectionId, [text, ...others].slice(0, MOST));
    },
    clear: (collectionId: string): void => write(collectionId, []),
    /** Of all collections. */
    clearAll(): void {
      try {
        keeper?.setItem(KEY, '{}');
      } catch {
        // There was none to read either.
      }
    },
  };
}
