import { X } from 'lucide-react';
import type { ChunkPlace } from '../../domain/search.ts';
import { search } from '../../state/app.ts';
import { useRow } from '../app/hooks.ts';
import { number, splitPath } from '../parts/format.ts';
import css from './search-field.module.css';

/** In place of a text: the chunk that hits are like. */
export function LikeChip({ place }: { place: ChunkPlace }) {
  const row = useRow(place.fileId);
  const name = row ? splitPath(row.path)[1] : 'a file that is gone';
  return (
    <span className={css.like}>
      <span className={css.likeWords}>
        Like {name}, chunk {number(place.ordinal + 1)}
      </span>
      <button type="button" className={css.likeEnd} aria-label="Search by text again" onClick={search.clear}>
        <X size={13} aria-hidden />
      </button>
    </span>
  );
}
