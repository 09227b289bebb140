import { search } from '../../state/app.ts';
import { unfinished } from '../../state/row-table.ts';
import { everywhere, isNarrowed } from '../../state/search.ts';
import { useMirror } from '../app/hooks.ts';
import { Button } from '../parts/button.tsx';
import css from './hits.module.css';
import { useSearch } from './hooks.ts';
import { shortened } from './words.ts';

/** In place of hits: that there are none and what may help, or why there is no answer. */
export function NoHits() {
  const error = useSearch(state => state.error);
  const answer = useSearch(state => state.answer);
  const asked = useSearch(state => state.answered);
  const filtered = useSearch(isNarrowed);
  const words = useSearch(state => state.balance === 0);
  const left = useMirror(({ table }) => unfinished(table));
  if (error !== undefined) {
    return (
      <div className={css.none} role="alert">
        <p>{error}</p>
        <Button onClick={search.now}>Try again</Button>
      </div>
    );
  }
  if (!answer) return <div className={css.none} />;
  const waiting = answer.behind || answer.meaning === 'wait';
  return (
    <div className={css.none}>
      <p>
        {asked ? (
          <>
            Nothing found for <b>{shortened(asked)}</b>
            {filtered ? ' in the files that are looked at' : ''}
            {waiting ? ' so far' : ''}.
          </>
        ) : (
          'This chunk has no vector to compare with.'
        )}
      </p>
      {filtered && <Button onClick={() => search.setOptions(everywhere)}>Look at all files</Button>}
      {words && <Button onClick={() => search.setOptions({ balance: 0.5 })}>Search by meaning too</Button>}
      {left > 0 && !waiting && <p className={css.fine}>Files are still being read: hits come as they are.</p>}
    </div>
  );
}
