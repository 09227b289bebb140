import { useEffect, useId, useRef } from 'react';
import type { ChunkColumns } from '../../domain/chunk.ts';
import type { CollectionInfo } from '../../domain/collection.ts';
import type { Recipe } from '../../domain/recipe.ts';
import { screen } from '../../state/app.ts';
import type { ChunkingDraft } from '../../state/screen.ts';
import { applyRecipe } from '../app/actions.ts';
import { useMirror, useModel, useScreen } from '../app/hooks.ts';
import { planWords } from '../app/recipe-words.ts';
import { Button } from '../parts/button.tsx';
import field from '../parts/field.module.css';
import css from './chunking.module.css';
import { LengthStrip } from './length-strip.tsx';
import { draftRecipe, usePlan, wantedRecipe } from './use-chunking.ts';

/** Tokens: below this a chunk is hardly a sentence. */
const SMALLEST = 16;
/** Tokens of a new chunking. */
const USUAL_SIZE = 200;
/** Where the model's context is not known. */
const USUAL_CONTEXT = 512;

interface Props {
  collection: CollectionInfo;
  /** What is said of the open document under the draft, and its chunks. */
  here?: { words: string; columns: ChunkColumns; limit: number };
}

/** How the collection is cut: seen at once in the open document, and applied to all when a person says so. */
export function Chunking({ collection, here }: Props) {
  const draft = useScreen(state => state.draft);
  const context = useModel()?.contextLength ?? USUAL_CONTEXT;
  const recipe = wantedRecipe(collection);
  const now: ChunkingDraft = draft ?? recipe;
  const next = draftRecipe(collection, draft);
  const plan = usePlan(collection.id, next);
  const strategies = useMirror(state => state.offers.strategies);
  const strategy = strategies.find(({ id }) => id === now.strategy);
  const strategyId = useId();

  function change(part: Partial<ChunkingDraft>) {
    const { strategy, chunkSize, overlap, embedHeadings } = { ...now, ...part };
    const fitting = Math.min(overlap, Math.floor(chunkSize / 2));
    screen.set({ draft: { strategy, chunkSize, overlap: fitting, embedHeadings } });
  }

  function chooseStrategy(id: string) {
    const chosen = strategies.find(candidate => candidate.id === id);
    const { chunkSize, overlap } =
      id === recipe.strategy
        ? recipe
        : { chunkSize: Math.min(USUAL_SIZE, context), overlap: USUAL_SIZE / 10 };
    change({
      strategy: id,
      chunkSize: chosen?.sizes ? chunkSize : context,
      overlap: chosen?.overlaps ? overlap : 0,
    });
  }

  return (
    <section className={css.chunking} aria-labelledby={`${strategyId}-title`}>
      <h3 id={`${strategyId}-title`}>Chunking</h3>
      <label className={field.field} htmlFor={strategyId}>
        <span className={field.label}>Strategy</span>
        <select
          id={strategyId}
          className={field.input}
          value={now.strategy}
          onChange={event => chooseStrategy(event.target.value)}
        >
          {strategies.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <p className={field.hint}>{strategy?.description}</p>
      {strategy?.sizes && (
        <Amount
          label="Chunk size"
          value={now.chunkSize}
          min={SMALLEST}
          max={context}
          onChange={chunkSize => change({ chunkSize })}
        />
      )}
      {strategy?.overlaps && (
        <Amount
          label="Overlap"
          value={now.overlap}
          min={0}
          max={Math.floor(now.chunkSize / 2)}
          onChange={overlap => change({ overlap })}
        />
      )}
      <label className={field.check}>
        <input
          type="checkbox"
          checked={now.embedHeadings}
          onChange={event => change({ embedHeadings: event.target.checked })}
        />
        <span>Embed headings with each chunk</span>
      </label>
      {here && <LengthStrip columns={here.columns} limit={here.limit} />}
      <div className={css.outcome} role="status">
        {here && <p>{here.words}</p>}
        {next && <p>{plan.error ?? (plan.value ? planWords(plan.value) : 'Counting what would change')}</p>}
      </div>
      <div className={css.buttons}>
        <Button
          look="primary"
          disabled={!next}
          onClick={() => next && void applyRecipe(collection.id, recipe, next)}
        >
          Apply
        </Button>
        {next && (
          <Button look="quiet" onClick={() => screen.set({ draft: undefined })}>
            Reset
          </Button>
        )}
      </div>
    </section>
  );
}

interface AmountProps {
  label: string;
  value: Recipe['chunkSize'];
  min: number;
  max: number;
  onChange: (value: number) => void;
}

/** A number of tokens, by slider or by hand. */
function Amount({ label, value, min, max, onChange }: AmountProps) {
  const set = (text: string) => {
    const wanted = Number.parseInt(text, 10);
    if (Number.isFinite(wanted)) onChange(Math.min(max, Math.max(min, wanted)));
  };
  const typed = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (typed.current) typed.current.value = String(value);
  }, [value]);
  return (
    <div className={css.amount}>
      <span className={field.label}>{label}</span>
      <span className={css.number}>
        {/* Uncontrolled while it is typed in: '2' on the way to '200' is not a wish for 16. */}
        <input
          ref={typed}
          type="number"
          aria-label={`${label}, in tokens`}
          min={min}
          max={max}
          defaultValue={value}
          onBlur={event => set(event.target.value)}
          onKeyDown={event => event.key === 'Enter' && set(event.currentTarget.value)}
        />
        tokens
      </span>
      <input
        type="range"
        aria-label={label}
        aria-valuetext={`${value} tokens`}
        min={min}
        max={max}
        value={value}
        onChange={event => set(event.target.value)}
      />
    </div>
  );
}
