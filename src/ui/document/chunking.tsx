import { type ReactNode, useEffect, useId, useRef } from 'react';
import type { ChunkColumns } from '../../domain/chunk.ts';
import type { CollectionInfo } from '../../domain/collection.ts';
import { type Recipe, thresholdsOf } from '../../domain/recipe.ts';
import { screen } from '../../state/app.ts';
import type { ChunkingDraft } from '../../state/screen.ts';
import { applyRecipe } from '../app/actions.ts';
import { useMirror, useModel, useScreen } from '../app/hooks.ts';
import { planWords } from '../app/recipe-words.ts';
import { Button } from '../parts/button.tsx';
import field from '../parts/field.module.css';
import { number } from '../parts/format.ts';
import css from './chunking.module.css';
import { LengthStrip } from './length-strip.tsx';
import { draftRecipe, usePlan, wantedRecipe } from './use-chunking.ts';

/** Tokens: below this a chunk is hardly a sentence. */
const SMALLEST = 16;
/** Tokens of a new chunking. */
const USUAL_SIZE = 200;
/** At 100 no turn would be a break. */
const MOST_PERCENTILE = 99;
/** Where the model's context is not known. */
const USUAL_CONTEXT = 512;

interface Props {
  collection: CollectionInfo;
  /** What is said of the open document under the draft, its chunks, and what a preview of it waits for. */
  here?: { words: string; columns: ChunkColumns; limit: number; cost: ReactNode };
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
  const thresholds = thresholdsOf(now);

  function change(part: Partial<ChunkingDraft>) {
    const { strategy, chunkSize, overlap, embedHeadings, breakPercentile, leastSize } = { ...now, ...part };
    const usual = thresholdsOf({ chunkSize });
    const least = leastSize === undefined ? usual.leastSize : Math.min(leastSize, chunkSize);
    const percentile = breakPercentile ?? usual.breakPercentile;
    screen.set({
      draft: {
        strategy,
        chunkSize,
        overlap: Math.min(overlap, Math.floor(chunkSize / 2)),
        embedHeadings,
        // What is usual is not written down: it moves with the chunk size.
        ...(percentile === usual.breakPercentile ? {} : { breakPercentile: percentile }),
        ...(least === usual.leastSize ? {} : { leastSize: least }),
      },
    });
  }

  function chooseStrategy(id: string) {
    const chosen = strategies.find(candidate => candidate.id === id);
    const fresh = { chunkSize: Math.min(USUAL_SIZE, context), overlap: USUAL_SIZE / 10 };
    const { chunkSize, overlap, breakPercentile, leastSize }: Partial<Recipe> & typeof fresh =
      id === recipe.strategy ? recipe : fresh;
    change({
      strategy: id,
      chunkSize: chosen?.sizes ? chunkSize : context,
      overlap: chosen?.overlaps ? overlap : 0,
      breakPercentile,
      leastSize,
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
      {strategy?.needsVectors && (
        <>
          <Amount
            label="Break percentile"
            unit="%"
            value={thresholds.breakPercentile}
            min={0}
            max={MOST_PERCENTILE}
            hint={breakWords(thresholds.breakPercentile)}
            onChange={breakPercentile => change({ breakPercentile })}
          />
          <Amount
            label="Smallest chunk"
            value={thresholds.leastSize}
            min={0}
            max={now.chunkSize}
            onChange={leastSize => change({ leastSize })}
          />
        </>
      )}
      {strategy?.sizes && (
        <Amount
          label={strategy.needsVectors ? 'Largest chunk' : 'Chunk size'}
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
      {here?.cost}
      {here && (
        <LengthStrip caption="Chunk lengths in this file" tokens={here.columns.tokens} limit={here.limit} />
      )}
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

/** What a percentile means, in words. */
function breakWords(percentile: number): string {
  return percentile === 0
    ? 'Breaks wherever the text turns at all.'
    : `Breaks at the sharpest ${number(100 - percentile)} % of the turns between sentences.`;
}

interface AmountProps {
  label: string;
  unit?: string;
  value: number;
  min: number;
  max: number;
  hint?: string;
  onChange: (value: number) => void;
}

/** A number, by slider or by hand. */
function Amount({ label, unit = 'tokens', value, min, max, hint, onChange }: AmountProps) {
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
          aria-label={`${label}, in ${unit}`}
          min={min}
          max={max}
          defaultValue={value}
          onBlur={event => set(event.target.value)}
          onKeyDown={event => event.key === 'Enter' && set(event.currentTarget.value)}
        />
        {unit}
      </span>
      <input
        type="range"
        aria-label={label}
        aria-valuetext={`${value} ${unit}`}
        min={min}
        max={max}
        value={value}
        onChange={event => set(event.target.value)}
      />
      {hint && <p className={`${field.hint} ${css.hint}`}>{hint}</p>}
    </div>
  );
}
