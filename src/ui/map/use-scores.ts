import { useEffect, useState } from 'react';
import type { ChunkPlace } from '../../domain/search.ts';
import { client } from '../../state/app.ts';
import type { ShownMap } from '../../state/chunk-map.ts';
import { isSearching } from '../../state/search.ts';
import { useMirror } from '../app/hooks.ts';
import { useSearch } from '../search/hooks.ts';
import { valuesOfPoints } from './paint.ts';

const NO_HITS: readonly ChunkPlace[] = [];

/** The hits of the query on screen; none while nothing is asked. */
export function useHits(): readonly ChunkPlace[] {
  return useSearch(state => (isSearching(state) ? state.answer?.hits : undefined)) ?? NO_HITS;
}

/** How well each point answers the query on screen, once that is known; undefined without a query in words. */
export function useScores(map: ShownMap, wanted: boolean): Float32Array | undefined {
  const collectionId = useMirror(state => state.currentId);
  const text = useSearch(state => (state.like ? '' : (state.answered ?? '')));
  const balance = useSearch(state => state.balance);
  const formats = useSearch(state => state.formats);
  const folder = useSearch(state => state.folder);
  const files = useSearch(state => state.files);
  const [scored, setScored] = useState<{ map: ShownMap; text: string; values: Float32Array }>();
  const asked = wanted && text !== '';

  useEffect(() => {
    if (!asked || collectionId === undefined) return;
    const abort = new AbortController();
    const query = {
      text,
      balance,
      limit: 1,
      byFile: false,
      fold: false,
      ...(formats.length > 0 ? { formats: [...formats] } : {}),
      ...(folder === undefined ? {} : { folder }),
      ...(files.length > 0 ? { fileIds: [...files] } : {}),
    };
    client.searchScores(collectionId, query, abort.signal).then(
      answer => {
        if (!abort.signal.aborted) setScored({ map, text, values: valuesOfPoints(map.files, answer) });
      },
      // The points keep the colours they have.
      () => {},
    );
    return () => abort.abort();
  }, [asked, collectionId, text, balance, formats, folder, files, map]);

  return asked && scored?.map === map ? scored.values : undefined;
}
