import { LoaderCircle, Pause, Play, X } from 'lucide-react';
import type { Mirror } from '../../state/mirror.ts';
import { unfinished } from '../../state/row-table.ts';
import type { Screen } from '../../state/screen.ts';
import { Bar } from '../parts/bar.tsx';
import { Button } from '../parts/button.tsx';
import { duration, number, plural } from '../parts/format.ts';
import { cancelAll, pauseWork, resumeWork } from './actions.ts';
import css from './bottom-bar.module.css';
import { useMirror, useScreen } from './hooks.ts';

/** Only there while there is work: files being added, or files in the queue. */
export function BottomBar() {
  const adding = useScreen(state => state.adding);
  const working = useMirror(
    ({ status, table }) =>
      unfinished(table) > 0 || (status ? status.queue.waiting + status.queue.working > 0 : false),
  );
  if (!adding && !working) return null;
  return (
    <section className={css.footer} aria-label="Progress">
      {adding && <Adding {...adding} />}
      {working && <Work />}
    </section>
  );
}

function Adding({ doing, done, total, cancel }: NonNullable<Screen['adding']>) {
  return (
    <div className={css.bar}>
      <LoaderCircle size={16} aria-hidden className={css.spin} />
      {doing === 'Looking through' ? (
        <span className={css.why}>Looking through the folder</span>
      ) : (
        <>
          <span className={css.count}>
            {doing} <b>{number(done)}</b> of {number(total)}
          </span>
          <Bar
            className={css.track}
            value={total === 0 ? 0 : done / total}
            label={doing === 'Adding' ? 'Files added' : 'Files compared'}
          />
        </>
      )}
      <Button look="quiet" aria-label={`Cancel ${doing.toLowerCase()}`} onClick={cancel}>
        <X size={16} aria-hidden /> <span className={css.word}>Cancel</span>
      </Button>
    </div>
  );
}

/** Files gone through, parts of the running ones counted in. */
function shareDone({ table, status }: Mirror): number {
  const total = table.rows.size;
  if (total === 0) return 0;
  let done = total - unfinished(table);
  for (const { fileId, done: chunks, chunks: of } of status?.active ?? []) {
    if (of > 0 && table.rows.has(fileId)) done += chunks / of;
  }
  return done / total;
}

function Work() {
  const total = useMirror(({ table }) => table.rows.size);
  const left = useMirror(({ table }) => unfinished(table));
  const share = useMirror(state => Math.round(shareDone(state) * 1000) / 1000);
  const speed = useMirror(({ status }) => status?.tokensPerSecond);
  const seconds = useMirror(({ status }) => status?.secondsLeft);
  const paused = useMirror(({ status }) => status?.paused);
  const loading = useMirror(({ status }) => status?.engine.state === 'loading');
  const elsewhere = useMirror(({ status, table }) =>
    Math.max(0, (status?.queue.waiting ?? 0) + (status?.queue.working ?? 0) - unfinished(table)),
  );
  return (
    <div className={css.bar}>
      {paused ? (
        <Pause size={16} aria-hidden className={css.paused} />
      ) : (
        <LoaderCircle size={16} aria-hidden className={css.spin} />
      )}
      {left > 0 ? (
        <span className={css.count}>
          <b>{number(total - left)}</b> of {plural(total, 'file')}
        </span>
      ) : (
        <span className={css.count}>{plural(elsewhere, 'file')} in other collections</span>
      )}
      {left > 0 && <Bar className={css.track} value={share} label="Files done" />}
      {paused || loading ? (
        <span className={css.why}>{paused?.message ?? 'Loading the model'}</span>
      ) : (
        <span className={css.speed}>
          {speed ? <span className={css.rate}>{number(speed)} tokens/s</span> : null}
          {seconds !== undefined && <span>{duration(seconds)} left</span>}
        </span>
      )}
      <span className={css.buttons}>
        {paused ? (
          <Button look="quiet" aria-label="Resume" onClick={() => void resumeWork()}>
            <Play size={16} aria-hidden /> <span className={css.word}>Resume</span>
          </Button>
        ) : (
          <Button look="quiet" aria-label="Pause" onClick={() => void pauseWork()}>
            <Pause size={16} aria-hidden /> <span className={css.word}>Pause</span>
          </Button>
        )}
        {left > 0 && (
          <Button look="quiet" aria-label="Cancel" onClick={() => void cancelAll()}>
            <X size={16} aria-hidden /> <span className={css.word}>Cancel</span>
          </Button>
        )}
      </span>
    </div>
  );
}
