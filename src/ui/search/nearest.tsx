import { Shapes } from 'lucide-react';
import { useEffect, useState } from 'react';
import { isAbort } from '../../domain/errors.ts';
import { type ChunkPlace, NEAR_DUPLICATE, type SearchAnswer, type SearchHit } from '../../domain/search.ts';
import { client } from '../../state/app.ts';
import { hitKey } from '../../state/search.ts';
import { Button } from '../parts/button.tsx';
import { sentence, splitPath } from '../parts/format.ts';
import { moreLike, openChunk } from './actions.ts';
import css from './nearest.module.css';
import { apartWords, placeWords, sameWords, scoreWords } from './words.ts';

/** Neighbours shown, and places that say nearly the same; hits like a chunk are as many as of any query. */
const MOST = 5;
const MOST_SAME = 8;
/** Asked for: the nearest may all say the same. */
const ASKED = 40;
/** Milliseconds that a chunk is chosen before they are looked for: keys go past many. */
const REST_MS = 150;

/** The chunks nearest to one, those apart that say nearly the same, and the way to all that are like it. */
export function Nearest({ fileId, ordinal }: ChunkPlace) {
  const { answer, error } = useNearest(fileId, ordinal);
  const same = answer?.hits.filter(({ cosine = 0 }) => cosine >= NEAR_DUPLICATE) ?? [];
  const others = answer?.hits.slice(same.length, same.length + MOST) ?? [];
  const apart = answer && apartWords(answer);
  return (
    <>
      {apart !== undefined && <p className={css.apart}>{apart}</p>}
      {same.length > 0 && (
        <section className={css.nearest} aria-label="Nearly the same">
          <h3>
            Nearly the same{' '}
            <span className={css.count}>
              {same.length === ASKED ? `${ASKED} or more places` : sameWords(same, fileId)}
            </span>
          </h3>
          <Places hits={same.slice(0, MOST_SAME)} />
        </section>
      )}
      <section className={css.nearest} aria-label="Nearest">
        <h3>Nearest</h3>
        {error !== undefined && <p className={css.none}>{error}</p>}
        {answer?.hits.length === 0 && <p className={css.none}>No other chunk has a vector yet.</p>}
        {others.length > 0 && <Places hits={others} />}
        <Button onClick={() => moreLike({ fileId, ordinal })}>
          <Shapes size={15} aria-hidden /> More like this
        </Button>
      </section>
    </>
  );
}

function Places({ hits }: { hits: readonly SearchHit[] }) {
  return (
    <ul>
      {hits.map(hit => (
        <li key={hitKey(hit)}>
          <button type="button" className={css.hit} title={hit.excerpt} onClick={() => openChunk(hit)}>
            <span className={css.where}>
              {[splitPath(hit.path)[1], placeWords(hit)].filter(Boolean).join(' · ')}
            </span>
            <span className={css.score}>{scoreWords(hit.score)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

interface Found {
  key: string;
  answer?: SearchAnswer;
  error?: string;
}

function useNearest(fileId: string, ordinal: number): Omit<Found, 'key'> {
  const [found, setFound] = useState<Found>();
  const key = hitKey({ fileId, ordinal });
  useEffect(() => {
    const controller = new AbortController();
    const timer = setTimeout(() => {
      client.similar({ fileId, ordinal }, ASKED, controller.signal).then(
        answer => setFound({ key, answer }),
        error => !isAbort(error) && setFound({ key, error: sentence(error) }),
      );
    }, REST_MS);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [fileId, ordinal, key]);
  return found?.key === key ? found : {};
}
