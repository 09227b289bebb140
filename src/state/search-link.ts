import type { ChunkPlace } from '../domain/search.ts';

/** What a link to a search restores. */
export interface SearchLink {
  collectionId?: string;
  text: string;
  balance?: number;
  like?: ChunkPlace;
}

/** '#q=tides&balance=0.5&in=<collection>'; '' where nothing is asked. */
export function toHash({ collectionId, text, balance, like }: SearchLink): string {
  if (text.trim() === '' && !like) return '';
  const parts = new URLSearchParams();
  if (like) parts.set('like', `${like.fileId}/${like.ordinal}`);
  else {
    parts.set('q', text);
    if (balance !== undefined) parts.set('balance', String(balance));
  }
  if (collectionId !== undefined) parts.set('in', collectionId);
  return `#${parts}`;
}

/** Undefined where the hash asks for nothing; anybody may have written it. */
export function fromHash(hash: string): SearchLink | undefined {
  const parts = new URLSearchParams(hash.replace(/^#/, ''));
  const text = parts.get('q') ?? '';
  const like = placeOf(parts.get('like'));
  if (text.trim() === '' && !like) return undefined;
  const balance = Number(parts.get('balance') ?? Number.NaN);
  const collectionId = parts.get('in');
  return {
    text: like ? '' : text,
    ...(like ? { like } : {}),
    ...(balance >= 0 && balance <= 1 ? { balance } : {}),
    ...(collectionId ? { collectionId } : {}),
  };
}

function placeOf(value: string | null): ChunkPlace | undefined {
  const [, fileId, ordinal] = value?.match(/^([\w-]+)\/(\d{1,9})$/) ?? [];
  return fileId === undefined ? undefined : { fileId, ordinal: Number(ordinal) };
}
