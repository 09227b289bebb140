import type { ChunkPlace, SearchHit } from '../../domain/search.ts';
import { client, screen, search } from '../../state/app.ts';
import { activeHit, everywhere, hitKey } from '../../state/search.ts';
import { indexAfterKey, selectOne } from '../../state/selection.ts';
import { attempt, copyText } from '../app/actions.ts';
import { focusDetail } from '../document/focus-detail.ts';
import { quotation } from './words.ts';

/** The listbox's id, for the field that steers it. */
export const HIT_LIST = 'hit-list';

/** The pane's id, for what has no better place for the focus. */
export const HITS = 'hits';

export const hitOptionId = (place: ChunkPlace): string => `${HIT_LIST}-${hitKey(place)}`;

/** Rows that PageDown goes. */
const PAGE_ROWS = 5;

/** Shows a chunk in the Document pane; the focus stays. */
function showChunk({ fileId, ordinal }: ChunkPlace): void {
  screen.set({ selection: selectOne(fileId), detail: 'document', target: { fileId, ordinal } });
}

/** Goes to a chunk in the Document pane. */
export function openChunk(place: ChunkPlace): void {
  showChunk(place);
  screen.set({ pane: 'detail' });
  focusDetail();
}

/** Back to where a file was opened from: the hits, or the files. */
export function backToList(): void {
  screen.set({ pane: 'list' });
  requestAnimationFrame(() =>
    (document.getElementById(HIT_LIST) ?? document.getElementById('file-list'))?.focus(),
  );
}

export function openHit(hit: SearchHit): void {
  search.choose(hit);
  search.remember();
  openChunk(hit);
}

/** What a list's key does to the hits; whether it was one. */
export function moveActive(key: string): boolean {
  const state = search.store.getState();
  const hits = state.answer?.hits ?? [];
  const active = activeHit(state);
  const to = indexAfterKey(key, active ? hits.indexOf(active) : -1, hits.length, PAGE_ROWS);
  const hit = to === undefined ? undefined : hits[to];
  if (!hit) return false;
  search.choose(hit);
  search.remember();
  showChunk(hit);
  return true;
}

/** Copies a chunk's text with where it stands. */
export function copyQuotation(hit: SearchHit): Promise<void> {
  search.remember();
  return attempt(async () => {
    const text = await client.text(hit.fileId, hit.start, hit.end);
    await copyText(quotation(hit, text), 'Quotation');
  });
}

/** Hits that are like a chunk, in place of what was asked. */
export function moreLike(place: ChunkPlace): void {
  if (search.store.getState().text.trim() !== '') search.remember();
  search.like({ fileId: place.fileId, ordinal: place.ordinal });
  screen.set({ pane: 'list' });
  // What was pressed may be gone with the hits it stood among.
  requestAnimationFrame(() => document.getElementById(HITS)?.focus());
}

/** Looks for the same in one file only; again, in all. */
export function toggleOnlyIn(fileId: string): void {
  const { files } = search.store.getState();
  const only = files.length === 1 && files[0] === fileId;
  search.setOptions({ ...everywhere, files: only ? [] : [fileId] });
}
