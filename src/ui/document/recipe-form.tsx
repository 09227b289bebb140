import { useEffect, useRef, useState } from 'react';
import type { CollectionInfo } from '../../domain/collection.ts';
import type { ModelInfo, Pooling } from '../../domain/model.ts';
import { type Recipe, withModel } from '../../domain/recipe.ts';
import { applyRecipe } from '../app/actions.ts';
import { useMirror } from '../app/hooks.ts';
import { planWords } from '../app/recipe-words.ts';
import { POOLINGS } from '../models/words.ts';
import { Button } from '../parts/button.tsx';
import field from '../parts/field.module.css';
import { hostOf, number } from '../parts/format.ts';
import { PrefixField } from './prefix-field.tsx';
import css from './recipe.module.css';
import { usePlan, wantedRecipe } from './use-chunking.ts';

interface Props {
  collection: CollectionInfo;
  onClose: () => void;
}

/** What makes the vectors, chunking aside. Nothing happens before Apply, and its cost is said by then. */
export function RecipeForm({ collection, onClose }: Props) {
  const models = useMirror(state => state.models);
  const base = wantedRecipe(collection);
  const [draft, setDraft] = useState<Recipe>(base);
  const first = useRef<HTMLSelectElement>(null);
  useEffect(() => first.current?.focus(), []);
  const model = models.find(({ id }) => id === draft.modelId);
  const next = changed(base, draft) ? draft : undefined;
  const plan = usePlan(collection.id, next);
  const change = (part: Partial<Recipe>) => setDraft({ ...draft, ...part });
  const remote = model?.remote !== undefined;

  return (
    <form
      className={css.form}
      onSubmit={event => {
        event.preventDefault();
        if (!next || !plan.value || plan.error !== undefined) return;
        void applyRecipe(collection.id, base, next);
        onClose();
      }}
    >
      <label className={field.field}>
        <span className={field.label}>Model</span>
        <select
          className={field.input}
          ref={first}
          value={draft.modelId}
          onChange={event => {
            const chosen = models.find(({ id }) => id === event.target.value);
            if (chosen)
              setDraft(
                chosen.id === base.modelId ? base : withModel({ ...draft, ...chunking(base) }, chosen),
              );
          }}
        >
          {!model && <option value={draft.modelId}>No longer in this browser</option>}
          {models.map(one => (
            <option key={one.id} value={one.id}>
              {one.name} · {one.remote ? hostOf(one.remote.baseUrl) : one.quantization}
            </option>
          ))}
        </select>
      </label>
      {remote && (
        <p className={field.hint}>
          The texts of this collection are sent to {hostOf(model.remote?.baseUrl ?? '')}.
        </p>
      )}
      {!remote && (
        <label className={field.field}>
          <span className={field.label}>Pooling</span>
          <select
            className={field.input}
            value={draft.pooling}
            onChange={event => change({ pooling: event.target.value as Pooling })}
          >
            {POOLINGS.map(({ value, label }) => (
              <option key={value} value={value}>
                {label}
                {value === model?.pooling ? ', as trained' : ''}
              </option>
            ))}
          </select>
        </label>
      )}
      <Dimensions model={model} value={draft.dimensions} onChange={dimensions => change({ dimensions })} />
      <label className={field.check}>
        <input
          type="checkbox"
          checked={draft.normalize}
          onChange={event => change({ normalize: event.target.checked })}
        />
        <span>Normalized to length 1</span>
      </label>
      <PrefixField
        label="Before documents"
        value={draft.documentPrefix}
        usual={model?.prefixes?.document ?? ''}
        onChange={documentPrefix => change({ documentPrefix })}
      />
      <PrefixField
        label="Before queries"
        value={draft.queryPrefix}
        usual={model?.prefixes?.query ?? ''}
        onChange={queryPrefix => change({ queryPrefix })}
      />
      <p className={css.outcome} role="status">
        {next
          ? (plan.error ??
            (plan.value && !plan.pending ? planWords(plan.value) : 'Counting what would change'))
          : 'Nothing is changed yet.'}
      </p>
      <div className={css.buttons}>
        <Button
          look="primary"
          type="submit"
          aria-label="Apply the recipe"
          disabled={!next || !plan.value || plan.pending || plan.error !== undefined}
        >
          Apply
        </Button>
        <Button look="quiet" onClick={onClose}>
          Cancel
        </Button>
      </div>
    </form>
  );
}

interface DimensionsProps {
  model: ModelInfo | undefined;
  value: number;
  onChange: (dimensions: number) => void;
}

/** Only lengths that the model was trained for. */
function Dimensions({ model, value, onChange }: DimensionsProps) {
  const lengths = model?.matryoshka ?? [];
  if (lengths.length < 2) return null;
  return (
    <label className={field.field}>
      <span className={field.label}>Dimensions</span>
      <select className={field.input} value={value} onChange={event => onChange(Number(event.target.value))}>
        {lengths.map(length => (
          <option key={length} value={length}>
            {number(length)}
            {length === model?.dimensions ? ', whole' : ''}
          </option>
        ))}
      </select>
    </label>
  );
}

function chunking({ chunkSize, overlap, leastSize }: Recipe): Partial<Recipe> {
  return { chunkSize, overlap, ...(leastSize === undefined ? {} : { leastSize }) };
}

function changed(base: Recipe, draft: Recipe): boolean {
  return (['modelId', 'pooling', 'normalize', 'dimensions', 'documentPrefix', 'queryPrefix'] as const).some(
    key => base[key] !== draft[key],
  );
}
