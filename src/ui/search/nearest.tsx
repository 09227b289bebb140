import { Shapes } from 'lucide-react';
import { useEffect, useState } from 'react';
import { isAbort } from '../../domain/errors.ts';
import type { ChunkPlace, SearchHit } from '../../domain/search.ts';
import { client } from '../../state/app.ts';
import { hitKey } from '../../state/search.ts';
import { Button } from '../parts/button.tsx';
import { sentence, splitPath } from '../parts/format.ts';
import { moreLike, openChunk } from './actions.ts';
import css from './nearest.module.css';
import { placeWords, scoreWords } from './words.ts';

/** Neighbours shown; hits like a chunk are as many as of any query. */
const MOST = 5;
/** Milliseconds that a chunk is chosen before they are looked for: keys go past many. */
const REST_MS = 150;

/** The chunks nearest to one, and the way to all that are like it. */
export function Nearest({ fileId, ordinal }: ChunkPlace) {
  const { hits, error } = useNearest(fileId, ordinal);
  return (
    <section className={css.nearest} aria-label="Nearest">
      <h3>Nearest</h3>
      {error !== undefined && <p className={css.none}>{error}</p>}
      {hits?.length === 0 && <p className={css.none}>No other chunk has a vector yet.</p>}
      {hits && hits.length > 0 && (
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
      )}
      <Button onClick={() => moreLike({ fileId, ordinal })}>
        <Shapes size={15} aria-hidden /> More like this
      </Button>
    </section>
  );
}

interface Found {
  key: string;
  hits?: SearchHit[];
  error?: string;
}

function useNearest(fileId: string, ordinal: number): Omit<Found, 'key'> {
  const [found, setFound] = useState<Found>();
  const key = hitKey({ fileId, ordinal });
  useEffect(() => {
    const controller = new AbortController();
    const timer = setTimeout(() => {
      client.similar({ fileId, ordinal }, MOST, controller.signal).then(
        ({ hits }) => setFound({ key, hits }),
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
