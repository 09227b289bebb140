import type { ChunkPlace, SearchQuery } from '../domain/search.ts';

/** Where is looked, and how hits are put together. */
export interface Narrowing extends Pick<SearchQuery, 'byFile' | 'fold'> {
  /** Hits that differ from one another rather than the best ones as they are. */
  vary: boolean;
  /** Ids of the formats that are looked at; all where empty. */
  formats: readonly string[];
  folder?: string | undefined;
  /** Ids of the files that are looked at; all where empty. */
  files: readonly string[];
}

/** All files, and hits as they usually are. */
export const usualNarrowing: Narrowing = {
  byFile: false,
  fold: true,
  vary: false,
  formats: [],
  folder: undefined,
  files: [],
};

/** What a link to a search restores. */
export interface SearchLink {
  collectionId?: string;
  text: string;
  balance?: number;
  like?: ChunkPlace;
  /** As it is where absent. */
  narrowing?: Narrowing;
}

/** '#q=tides&balance=0.5&types=pdf&in=<collection>'; '' where nothing is asked. */
export function toHash({ collectionId, text, balance, like, narrowing }: SearchLink): string {
  if (text.trim() === '' && !like) return '';
  const parts = new URLSearchParams();
  if (like) parts.set('like', `${like.fileId}/${like.ordinal}`);
  else {
    parts.set('q', text);
    if (balance !== undefined) parts.set('balance', String(balance));
    if (narrowing) setNarrowing(parts, narrowing);
  }
  if (collectionId !== undefined) parts.set('in', collectionId);
  return `#${parts}`;
}

function setNarrowing(parts: URLSearchParams, narrowing: Narrowing): void {
  const { formats, folder, files, byFile, fold, vary } = narrowing;
  if (formats.length > 0) parts.set('types', formats.join());
  if (folder) parts.set('folder', folder);
  if (files.length > 0) parts.set('files', files.join());
  if (byFile) parts.set('group', '1');
  if (!fold) parts.set('fold', '0');
  if (vary) parts.set('vary', '1');
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
    narrowing: {
      formats: idsOf(parts.get('types')),
      folder: parts.get('folder') || undefined,
      files: idsOf(parts.get('files')),
      byFile: parts.get('group') === '1',
      fold: parts.get('fold') !== '0',
      vary: parts.get('vary') === '1',
    },
    ...(like ? { like } : {}),
    ...(balance >= 0 && balance <= 1 ? { balance } : {}),
    ...(collectionId ? { collectionId } : {}),
  };
}

function placeOf(value: string | null): ChunkPlace | undefined {
  const [, fileId, ordinal] = value?.match(/^([\w-]+)\/(\d{1,9})$/) ?? [];
  return fileId === undefined ? undefined : { fileId, ordinal: Number(ordinal) };
}

const idsOf = (value: string | null): string[] => (value ?? '').split(',').filter(id => /^[\w-]+$/.test(id));
