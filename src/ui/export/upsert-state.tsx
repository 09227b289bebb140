import type { DatabaseLook, UpsertReport } from '../../workspace/upsert-api.ts';
import { Bar } from '../parts/bar.tsx';
import { Button } from '../parts/button.tsx';
import { number, plural } from '../parts/format.ts';
import { Notice } from '../parts/notice.tsx';
import css from './export.module.css';
import type { useUpsert } from './use-upsert.ts';

interface Props {
  /** The database's name. */
  database: string;
  /** The collection's name there. */
  collection: string;
  upsert: ReturnType<typeof useUpsert>;
  /** Files not yet whole. */
  unfinished: number;
  onRemove: () => void;
}

/** What was found, how the sending goes, and what came of it. */
export function UpsertState({ database, collection, upsert, unfinished, onRemove }: Props) {
  const { look, sending, report, stopped, removing, error } = upsert;
  return (
    <>
      {look && !report && <Found database={database} collection={collection} look={look} />}
      {look && !look.problem && !report && unfinished > 0 && (
        <Notice tone="warn">
          {unfinished === 1 ? '1 file is' : `${number(unfinished)} files are`} not finished: the vectors so
          far are sent. Send again when all is done.
        </Notice>
      )}
      {sending && (
        <div className={css.progress}>
          <Bar value={sending.total === 0 ? 0 : sending.done / sending.total} label="Sending" />
          <span>
            {number(sending.done)} of {number(sending.total)}
            {sending.speed >= 1 && `, ${number(sending.speed)} a second`}
          </span>
        </div>
      )}
      {stopped && (
        <p role="status" className={css.size}>
          Stopped. What was sent stays there; sending again goes on from it.
        </p>
      )}
      {report && (
        <>
          <p role="status" className={css.outcome}>
            {outcome(report)}
          </p>
          {report.leftOver > 0 && (
            <Notice
              tone="plain"
              action={
                <Button disabled={removing} onClick={onRemove}>
                  {removing ? 'Removing' : `Remove ${plural(report.leftOver, 'point')}`}
                </Button>
              }
            >
              {plural(report.leftOver, 'point')} there {report.leftOver === 1 ? 'is' : 'are'} of texts that
              are no longer in this collection.
            </Notice>
          )}
        </>
      )}
      {error !== undefined && (
        <p role="alert" className={css.failed}>
          {error}
        </p>
      )}
    </>
  );
}

interface FoundProps extends Pick<Props, 'database' | 'collection'> {
  look: DatabaseLook;
}

function Found({ database, collection, look }: FoundProps) {
  const { version, collections, there, problem, note } = look;
  if (problem) {
    return (
      <p role="alert" className={css.failed}>
        {problem.message}
      </p>
    );
  }
  const facts = there
    ? `“${collection}” is there${there.dimensions === undefined ? '' : `: ${number(there.dimensions)} dimensions`}, ${plural(there.points, 'point')}. It fits.`
    : `“${collection}” will be made.`;
  return (
    <p role="status" className={css.size}>
      {database} {version}, {plural(collections.length, 'collection')}. {facts} {note}
    </p>
  );
}

/** '850 new, 20 updated, 1,100 were there already.' */
function outcome({ added, updated, unchanged }: UpsertReport): string {
  const parts = [
    added > 0 ? `${number(added)} new` : '',
    updated > 0 ? `${number(updated)} updated` : '',
    unchanged > 0 ? `${number(unchanged)} there already` : '',
  ].filter(part => part !== '');
  return parts.length === 0 ? 'There was nothing to send.' : `Done: ${parts.join(', ')}.`;
}
