import type { ChunkPlace } from '../../domain/search.ts';
import { screen } from '../../state/app.ts';
import { selectOne } from '../../state/selection.ts';

/** Opens a chunk in the Document pane. */
export function openPlace({ fileId }: ChunkPlace): void {
  screen.set({ selection: selectOne(fileId), detail: 'document', pane: 'detail' });
}
