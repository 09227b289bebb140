import { memo, type Ref } from 'react';
import type { SearchHit } from '../../domain/search.ts';
import { splitPath } from '../parts/format.ts';
import { hitOptionId } from './actions.ts';
import css from './hits.module.css';
import { useSearch } from './hooks.ts';
import { MarkedText } from './marked-text.tsx';
import { foldedWords, placeWords, shownScore } from './words.ts';

interface Props {
  hit: SearchHit;
  index: number;
  count: number;
  top: number;
  active: boolean;
  /** The hit before is of the same file, in a list by files. */
  follows: boolean;
  measure: Ref<HTMLDivElement>;
}

/** One place that was found: where, how well, and the words. */
export const HitRow = memo(function HitRow({ hit, index, count, top, active, follows, measure }: Props) {
  const [folder, name] = splitPath(hit.path);
  const place = [placeWords(hit), follows ? '' : folder.slice(0, -1)].filter(Boolean).join(' · ');
  const folded = foldedWords(hit.folded);
  const weak = useSearch(state => state.answer?.weak === true);
  const score = shownScore(hit, weak);
  return (
    <div
      ref={measure}
      id={hitOptionId(hit)}
      role="option"
      tabIndex={-1}
      aria-selected={active}
      aria-setsize={count}
      aria-posinset={index + 1}
      data-index={index}
      className={follows ? `${css.hit} ${css.follows}` : css.hit}
      style={{ transform: `translateY(${top}px)` }}
    >
      <div className={css.where} title={[hit.path, ...hit.headings].join(' › ')}>
        {!follows && <span className={css.file}>{name}</span>}
        <span className={css.place}>{place}</span>
        {score && (
          <span className={css.score} data-weak={weak || undefined}>
            <span className={weak ? undefined : css.unseen}>{score.name} </span>
            {score.value}
          </span>
        )}
      </div>
      <p className={css.excerpt}>
        <MarkedText text={hit.excerpt} marks={hit.marks} />
      </p>
      {folded && (
        <p className={css.fine} title={hit.folded.map(({ path }) => path).join('\n')}>
          {folded}
        </p>
      )}
      {active && <Scores hit={hit} />}
    </div>
  );
});

/** What the score is made of, for the chosen hit where that is asked. */
function Scores({ hit: { cosine, words } }: { hit: SearchHit }) {
  const shown = useSearch(state => state.details);
  if (!shown) return null;
  return (
    <dl className={css.scores}>
      <div>
        <dt>Meaning (cosine)</dt>
        <dd>{cosine === undefined ? 'none' : cosine.toFixed(3)}</dd>
      </div>
      <div>
        <dt>Words (BM25)</dt>
        <dd>{words === undefined ? 'none' : words.toFixed(2)}</dd>
      </div>
    </dl>
  );
}
