import { SlidersHorizontal } from 'lucide-react';
import { search } from '../../state/app.ts';
import { unfinished } from '../../state/row-table.ts';
import { useCollection, useMirror } from '../app/hooks.ts';
import { ViewButtons } from '../app/view-buttons.tsx';
import { Button } from '../parts/button.tsx';
import { number, plural } from '../parts/format.ts';
import { Popover } from '../parts/popover.tsx';
import css from './hits.module.css';
import { useSearch } from './hooks.ts';
import { ModelGone } from './model-gone.tsx';
import { NarrowingChips } from './narrowing-chips.tsx';
import { SearchOptionsForm } from './options.tsx';
import { balanceWords, countWords, weakWords } from './words.ts';

/** Above the hits: how many, found in how long, by meaning or by words, and of which files. */
export function SearchHead() {
  const answer = useSearch(state => state.answer);
  const failed = useSearch(state => state.error !== undefined);
  const like = useSearch(state => state.like);
  const filters = useSearch(({ formats, folder, files }) => formats.length + files.length + (folder ? 1 : 0));
  return (
    <div className={css.head}>
      <div className={css.line}>
        <div className={css.count} role="status">
          <h2>{failed ? 'No answer' : answer ? countWords(answer) : 'Searching'}</h2>
        </div>
        <ViewButtons />
        {!like && (
          <Popover
            label="Filters and options"
            trigger={
              <Button
                look="quiet"
                icon
                aria-label={filters > 0 ? `Filters and options, ${filters} set` : 'Filters and options'}
                className={filters > 0 ? css.filtered : ''}
              >
                <SlidersHorizontal size={16} aria-hidden />
              </Button>
            }
          >
            <SearchOptionsForm />
          </Popover>
        )}
      </div>
      {!like && <Balance />}
      {!like && <NarrowingChips />}
      <Stands />
    </div>
  );
}

/** Steps of the slider. */
const STEP = 10;

function Balance() {
  const balance = useSearch(state => state.balance);
  // Meaning is at left: the slider counts what words have to say.
  const words = Math.round((1 - balance) * 100);
  return (
    <label className={css.balance}>
      <span>Meaning</span>
      <input
        type="range"
        aria-label="Meaning or words"
        aria-valuetext={balanceWords(balance)}
        min={0}
        max={100}
        step={STEP}
        value={words}
        onChange={event => search.setOptions({ balance: 1 - Number(event.target.value) / 100 })}
      />
      <span>Words</span>
    </label>
  );
}

/** What keeps the answer from being the whole one, said in a line. */
function Stands() {
  const answer = useSearch(state => state.answer);
  const left = useMirror(({ table }) => unfinished(table));
  const chunks = useCollection()?.chunks ?? 0;
  if (!answer) return null;
  if (answer.meaning === 'wait')
    return <p className={css.stands}>Found by words so far: the model is loading.</p>;
  if (answer.meaning === 'gone') return <ModelGone notice={answer.notice} />;
  if (answer.behind) {
    return (
      <p className={css.stands}>
        Looked through {number(answer.chunks.words)} of{' '}
        {plural(Math.max(chunks, answer.chunks.words), 'chunk')} so far.
      </p>
    );
  }
  if (answer.notice) return <p className={css.stands}>{answer.notice}</p>;
  const weak = weakWords(answer);
  if (weak !== undefined && answer.hits.length > 0) return <p className={css.stands}>{weak}</p>;
  if (left > 0) {
    return (
      <p className={css.stands}>
        {plural(left, 'file')} still to be read or embedded: what comes is found at once.
      </p>
    );
  }
  return null;
}
