import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { CollectionInfo, FileRow } from '../../domain/collection.ts';
import type { ModelInfo } from '../../domain/model.ts';
import { mirror, screen, shelf } from '../../state/app.ts';
import type { Mirror } from '../../state/mirror.ts';
import type { Shelf } from '../../state/models.ts';
import type { Screen } from '../../state/screen.ts';
import type { Status } from '../../workspace/api.ts';

/** Rendered again only when what `select` returns is another value or object. */
export function useMirror<T>(select: (state: Mirror) => T): T {
  return useStore(mirror.store, select);
}

export function useScreen<T>(select: (state: Screen) => T): T {
  return useStore(screen.store, select);
}

export function useShelf<T>(select: (state: Shelf) => T): T {
  return useStore(shelf.store, select);
}

export function useCollection(): CollectionInfo | undefined {
  return useMirror(state => state.collections.find(({ id }) => id === state.currentId));
}

export function useRow(id: string | undefined): FileRow | undefined {
  return useMirror(state => (id === undefined ? undefined : state.table.rows.get(id)));
}

/** What the workers are doing to this file at the moment. */
export function useActive(id: string): Status['active'][number] | undefined {
  return useMirror(state => state.status?.active.find(({ fileId }) => fileId === id));
}

/** The model of the current collection, or the first there is. */
export function useModel(): ModelInfo | undefined {
  return useMirror(state => {
    const current = state.collections.find(({ id }) => id === state.currentId);
    return state.models.find(({ id }) => id === current?.recipe.modelId) ?? state.models[0];
  });
}

/** The file that the right pane shows. */
export function useOpenFileId(): string | undefined {
  return useScreen(state => state.selection.active);
}

function useMedia(query: string): boolean {
  const [matches, setMatches] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const media = matchMedia(query);
    const change = () => setMatches(media.matches);
    change();
    media.addEventListener('change', change);
    return () => media.removeEventListener('change', change);
  }, [query]);
  return matches;
}

/** One pane at a time. */
export function useNarrow(): boolean {
  return useMedia('(max-width: 720px)');
}
