import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { client, mirror, search } from '../../state/app.ts';
import { isSearching, type Search } from '../../state/search.ts';

/** Rendered again only when what `select` returns is another value or object. */
export function useSearch<T>(select: (state: Search) => T): T {
  return useStore(search.store, select);
}

/** Hits take the place of the files. */
export function useSearching(): boolean {
  return useSearch(isSearching);
}

const NONE: readonly [number, number][] = [];

/** Where words of the query stand in a text, as soon as it is known; none while nothing is asked in words. */
export function useMarks(text: string | undefined): readonly [start: number, end: number][] {
  const query = useSearch(state => (state.like || state.balance === 1 ? '' : (state.answered ?? '')));
  const [found, setFound] = useState<{ query: string; text: string; marks: [number, number][] }>();
  useEffect(() => {
    const { currentId } = mirror.store.getState();
    if (!text || query === '' || currentId === undefined) return;
    let current = true;
    client.queryMarks(currentId, query, [text]).then(
      ([marks = []]) => current && setFound({ query, text, marks }),
      // The text is readable without them.
      () => {},
    );
    return () => {
      current = false;
    };
  }, [query, text]);
  return found?.query === query && found.text === text ? found.marks : NONE;
}
