import { useEffect, useState } from 'react';
import { client } from '../../state/app.ts';
import type { TableLook } from '../../workspace/imports-api.ts';
import { useMirror } from '../app/hooks.ts';
import field from '../parts/field.module.css';
import { plural } from '../parts/format.ts';
import { Notice } from '../parts/notice.tsx';
import { missingWords } from './fields.ts';
import css from './import.module.css';
import { ImportActions } from './import-actions.tsx';
import { MadeBy, VectorsCheck } from './made-by.tsx';
import { MappingFields } from './mapping-fields.tsx';
import { StepHead } from './step-head.tsx';
import { TablePreview } from './table-preview.tsx';
import { TargetFields } from './target-fields.tsx';
import { useImporting, useTableCheck } from './use-import.ts';
import { useTableTarget } from './use-table-target.ts';
import { filesWords } from './words.ts';

interface Props {
  look: TableLook;
  files: readonly File[];
  onOther: () => void;
  onBusy: (busy: boolean) => void;
  /** Called when all is imported. */
  onDone: () => void;
  onClose: () => void;
}

/** A table: which column is what, what comes of it, by which model and where to. */
export function TableImport({ look, files, onOther, onBusy, onDone, onClose }: Props) {
  const [mapping, setMapping] = useState(look.mapping);
  const missing = missingWords(mapping, look.columns);
  const choice = useTableTarget(look, mapping);
  const { check, error, fresh } = useTableCheck(files, missing ? undefined : mapping, choice.checked);
  const { target, modelId, fitting } = choice.settle(check);
  if (fresh) choice.follow(target);
  const model = useMirror(state => state.models.find(({ id }) => id === modelId));
  const importing = useImporting(onDone);
  const busy = importing.progress !== undefined;
  useEffect(() => onBusy(busy), [busy, onBusy]);
  const problem = missing ?? error ?? check?.problem?.message;
  const ready = fresh && problem === undefined && target !== undefined;
  const rows = look.rows === undefined ? [] : [plural(look.rows, 'row')];

  return (
    <>
      <StepHead
        title={filesWords(files)}
        about={[look.format, ...rows].join(' · ')}
        busy={busy}
        onOther={onOther}
      />
      {problem !== undefined && (
        <div className={`${css.boxed} ${css.problem}`}>
          <Notice tone="bad">{problem}</Notice>
        </div>
      )}
      <fieldset className={`${css.plain} ${css.table}`} disabled={busy}>
        <section className={css.side} aria-label="Columns">
          <MappingFields columns={look.columns} mapping={mapping} onChange={setMapping} />
        </section>
        <div className={css.side}>
          <TablePreview
            samples={(!missing && check?.samples) || []}
            dimensions={check?.dimensions}
            fresh={fresh || missing !== undefined}
          />
          <TargetFields
            destination={choice.destination}
            fits={check?.fits}
            misfit={choice.misfit}
            onChange={choice.setDestination}
          />
          <div className={field.stack}>
            <MadeBy
              named={look.model}
              modelId={modelId}
              fitting={fitting}
              onChoose={choice.destination.to === 'new' ? choice.setModelId : undefined}
            />
            {model && target && (
              <VectorsCheck
                key={`${model.id} ${JSON.stringify(mapping)}`}
                files={files}
                mapping={mapping}
                target={target}
                model={model.name}
                disabled={!ready}
              />
            )}
          </div>
        </div>
      </fieldset>
      <ImportActions
        importing={importing}
        unit="row"
        disabled={!ready || ('name' in target && target.name === '')}
        onImport={() => {
          if (!target) return;
          importing.run((signal, progress) =>
            client.importTable([...files], mapping, target, signal, progress),
          );
        }}
        onClose={onClose}
      />
    </>
  );
}
