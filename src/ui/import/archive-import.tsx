import { useEffect, useState } from 'react';
import { client } from '../../state/app.ts';
import type { ArchiveLook } from '../../workspace/imports-api.ts';
import { Facts } from '../parts/facts.tsx';
import { moment, number } from '../parts/format.ts';
import { Notice } from '../parts/notice.tsx';
import css from './import.module.css';
import { ImportActions } from './import-actions.tsx';
import { ModelAway } from './made-by.tsx';
import { StepHead } from './step-head.tsx';
import { firstDestination, TargetFields } from './target-fields.tsx';
import { useImporting } from './use-import.ts';
import { chunkWords, filesWords, originalWords } from './words.ts';

interface Props {
  look: ArchiveLook;
  files: readonly File[];
  onOther: () => void;
  onBusy: (busy: boolean) => void;
  /** Called when all is imported. */
  onDone: () => void;
  onClose: () => void;
}

/** A whole collection as it was: nothing to choose but where it goes. */
export function ArchiveImport({ look, files, onOther, onBusy, onDone, onClose }: Props) {
  const [destination, setDestination] = useState(() => firstDestination(look.name));
  const importing = useImporting(onDone);
  const busy = importing.progress !== undefined;
  useEffect(() => onBusy(busy), [busy, onBusy]);
  const { to, name, collectionId } = destination;
  const { model, same, fits } = look;
  const target =
    to === 'new'
      ? { name: name.trim() }
      : collectionId !== undefined && fits.includes(collectionId)
        ? { collectionId }
        : undefined;
  const [file] = files;

  function start() {
    if (!file || !target) return;
    importing.run((signal, progress) => client.importArchive(file, target, signal, progress));
  }

  return (
    <>
      <StepHead
        title={look.name}
        about={`Vecdrop archive · ${filesWords(files)}`}
        busy={busy}
        onOther={onOther}
      />
      <div className={css.card}>
        <Facts
          facts={[
            ['Files', number(look.files)],
            ['Chunks', chunkWords(look)],
            ['Originals', originalWords(look)],
            ['Model', `${model.name} · ${number(model.dimensions)} dimensions`],
            ['Made', moment(look.madeAt)],
          ]}
        />
      </div>
      {!model.here && <ModelAway />}
      {same && to === 'new' && (
        <div className={css.boxed}>
          <Notice tone="plain">
            This collection is here already
            {same.name === look.name ? '' : `, as ${same.name}`}; a second one will be made.
          </Notice>
        </div>
      )}
      <fieldset className={css.plain} disabled={busy}>
        <TargetFields
          destination={destination}
          fits={fits}
          misfit={() => 'made by another recipe'}
          onChange={setDestination}
        />
      </fieldset>
      <ImportActions
        importing={importing}
        unit="record"
        disabled={target === undefined || target.name === ''}
        onImport={start}
        onClose={onClose}
      />
    </>
  );
}
