import { Check, ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import type { ImportMapping } from '../../domain/import.ts';
import { client } from '../../state/app.ts';
import type { ImportTarget, TableLook, VectorCheck } from '../../workspace/imports-api.ts';
import { openModels } from '../app/actions.ts';
import { useMirror } from '../app/hooks.ts';
import { useTask } from '../models/use-task.ts';
import { Button } from '../parts/button.tsx';
import field from '../parts/field.module.css';
import { number } from '../parts/format.ts';
import { Notice } from '../parts/notice.tsx';
import css from './import.module.css';
import { vectorCheckWords } from './words.ts';

interface Props {
  /** The model that the file names. */
  named: TableLook['model'];
  /** The model of the vectors: chosen, or that of the collection they go to; absent where none is here. */
  modelId: string | undefined;
  /** Absent where the collection decides. */
  onChoose?: ((modelId: string) => void) | undefined;
  /** Models whose vectors have as many dimensions. */
  fitting: readonly string[];
}

/** Which model made the vectors: queries are embedded with it. */
export function MadeBy({ named, modelId, onChoose, fitting }: Props) {
  const models = useMirror(state => state.models);
  const fits = (id: string) => fitting.includes(id);
  const away = named && !named.here && fits(named.id) ? named : undefined;
  const chosen = models.find(({ id }) => id === modelId);
  const ordered = [...models.filter(({ id }) => fits(id)), ...models.filter(({ id }) => !fits(id))];
  return (
    <>
      {onChoose ? (
        <label className={field.field}>
          <span className={field.label}>Made by</span>
          <select
            className={field.input}
            value={modelId ?? ''}
            onChange={event => onChoose(event.target.value)}
          >
            {modelId === undefined && (
              <option value="" disabled>
                No model here makes such vectors
              </option>
            )}
            {away && <option value={away.id}>{away.name} · not on this machine</option>}
            {ordered.map(({ id, name, dimensions, quantization }) => (
              <option key={id} value={id} disabled={!fits(id)}>
                {name} · {number(dimensions)} dimensions · {quantization}
              </option>
            ))}
          </select>
        </label>
      ) : (
        chosen && <p className={field.hint}>Made by {chosen.name}, the model of that collection.</p>
      )}
      {away && modelId === away.id && <ModelAway />}
      {named && chosen && chosen.id !== named.id && (
        <div className={css.boxed}>
          <Notice tone="warn">
            The file says that its vectors were made by {named.name}, not by {chosen.name}. Check them against
            the model before you import them.
          </Notice>
        </div>
      )}
    </>
  );
}

/** Said of an archive and of a table alike. */
export function ModelAway() {
  return (
    <div className={css.boxed}>
      <Notice tone="warn" action={<Button onClick={() => openModels()}>Models</Button>}>
        The model is not on this machine: search by words works; add the model to search by meaning.
      </Notice>
    </div>
  );
}

interface CheckProps {
  files: readonly File[];
  mapping: ImportMapping;
  target: ImportTarget;
  model: string;
  disabled: boolean;
}

/** Some texts are embedded anew when a person asks: nothing else tells two models of as many dimensions apart. */
export function VectorsCheck({ files, mapping, target, model, disabled }: CheckProps) {
  const checking = useTask();
  const [result, setResult] = useState<VectorCheck>();
  return (
    <div className={css.check}>
      <Button
        disabled={disabled || checking.busy}
        onClick={() =>
          checking.run(async signal => {
            setResult(undefined);
            setResult(await client.checkVectors([...files], mapping, target, signal));
          })
        }
      >
        <ShieldCheck size={16} aria-hidden /> Check against the model
      </Button>
      <p role="status" className={css.checkWords}>
        {checking.busy && `Embedding some of the texts with ${model}`}
        {result?.agree && (
          <>
            <Check size={16} aria-hidden /> {vectorCheckWords(result, model)}
          </>
        )}
      </p>
      {result && !result.agree && (
        <div className={css.boxed}>
          <Notice tone="warn">{vectorCheckWords(result, model)}</Notice>
        </div>
      )}
      {checking.error !== undefined && (
        <p role="alert" className={field.error}>
          {checking.error}
        </p>
      )}
    </div>
  );
}
