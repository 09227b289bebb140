import { useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import type { CollectionInfo } from '../../domain/collection.ts';
import { thresholdsOf } from '../../domain/recipe.ts';
import { useMirror } from '../app/hooks.ts';
import { poolingName, visible } from '../models/words.ts';
import { Button } from '../parts/button.tsx';
import { Facts } from '../parts/facts.tsx';
import { number } from '../parts/format.ts';
import css from './recipe.module.css';
import { RecipeForm } from './recipe-form.tsx';

/** What the collection's vectors are made by; changed here, with the cost said first. */
export function RecipeCard({ collection }: { collection: CollectionInfo }) {
  const [editing, setEditing] = useState(false);
  const { recipe } = collection;
  const changeButton = useRef<HTMLButtonElement>(null);
  const close = () => {
    flushSync(() => setEditing(false));
    changeButton.current?.focus();
  };
  const strategies = useMirror(state => state.offers.strategies);
  const strategy = strategies.find(({ id }) => id === recipe.strategy);
  const thresholds = thresholdsOf(recipe);
  const model = useMirror(state => state.models.find(({ id }) => id === recipe.modelId));
  return (
    <section className={css.recipe} aria-labelledby="recipe-title">
      <div className={css.head}>
        <h3 id="recipe-title">Recipe</h3>
        {!editing && (
          <Button
            ref={changeButton}
            look="quiet"
            aria-label="Change the recipe"
            onClick={() => setEditing(true)}
          >
            Change
          </Button>
        )}
      </div>
      {editing ? (
        <RecipeForm collection={collection} onClose={close} />
      ) : (
        <Facts
          facts={[
            ['Model', model?.name ?? 'no longer in this browser'],
            ['Dimensions', number(recipe.dimensions)],
            ['Strategy', strategy?.name],
            ['Break percentile', strategy?.needsVectors ? `${thresholds.breakPercentile} %` : undefined],
            ['Smallest chunk', strategy?.needsVectors ? `${thresholds.leastSize} tokens` : undefined],
            [strategy?.needsVectors ? 'Largest chunk' : 'Chunk size', `${recipe.chunkSize} tokens`],
            ['Overlap', `${recipe.overlap} tokens`],
            ['Headings', recipe.embedHeadings ? 'embedded with each chunk' : undefined],
            ['Pooling', model?.remote ? undefined : poolingName(recipe.pooling)],
            ['Normalized', recipe.normalize ? 'yes' : 'no'],
            ['Before documents', prefixFact(recipe.documentPrefix)],
            ['Before queries', prefixFact(recipe.queryPrefix)],
          ]}
        />
      )}
    </section>
  );
}

function prefixFact(prefix: string) {
  return prefix === '' ? undefined : <code className={css.prefix}>{visible(prefix)}</code>;
}
