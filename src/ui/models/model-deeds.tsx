import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { withModel } from '../../domain/recipe.ts';
import { client, mirror, screen, shelf } from '../../state/app.ts';
import type { ModelEntry } from '../../workspace/models-api.ts';
import { applyRecipe, newCollectionOf } from '../app/actions.ts';
import { useCollection } from '../app/hooks.ts';
import { planWords } from '../app/recipe-words.ts';
import { usePlan, wantedRecipe } from '../document/use-chunking.ts';
import { Button } from '../parts/button.tsx';
import { hostOf, size } from '../parts/format.ts';
import css from './models.module.css';
import { useTask } from './use-task.ts';
import { nameList } from './words.ts';

interface Props {
  entry: ModelEntry;
  onRemoved: () => void;
  onUsed: () => void;
}

/** What can be done with a model. What costs something is asked twice, with the cost said in between. */
export function ModelDeeds({ entry, onRemoved, onUsed }: Props) {
  const { info, source, usedBy } = entry;
  const collection = useCollection();
  const [asking, setAsking] = useState<'use' | 'remove'>();
  const here = collection !== undefined && wantedRecipe(collection).modelId === info.id;
  const needed = usedBy.length > 0;
  return (
    <div className={css.deeds}>
      <div className={css.buttons}>
        <Button onClick={() => newCollectionOf(info.id)}>Use for a new collection</Button>
        {collection && !here && (
          <Button aria-expanded={asking === 'use'} onClick={() => setAsking('use')}>
            Use in this collection
          </Button>
        )}
        {source !== 'built-in' && (
          <Button
            look="quiet"
            disabled={needed}
            aria-expanded={asking === 'remove'}
            aria-describedby={needed ? 'model-needed' : undefined}
            onClick={() => setAsking('remove')}
          >
            <Trash2 size={15} aria-hidden /> Remove
          </Button>
        )}
      </div>
      {source !== 'built-in' && needed && (
        <p id="model-needed" className={css.quiet}>
          It cannot be removed: {nameList(usedBy)} {usedBy.length === 1 ? 'needs' : 'need'} it. Give{' '}
          {usedBy.length === 1 ? 'that collection' : 'those collections'} another model first.
        </p>
      )}
      {asking === 'use' && collection && !here && (
        <Use entry={entry} onDone={onUsed} onCancel={() => setAsking(undefined)} />
      )}
      {asking === 'remove' && !needed && (
        <Remove entry={entry} onDone={onRemoved} onCancel={() => setAsking(undefined)} />
      )}
    </div>
  );
}

interface AskProps {
  entry: ModelEntry;
  onDone: () => void;
  onCancel: () => void;
}

/** The change of a collection to another model, with what it costs. */
function Use({ entry: { info }, onDone, onCancel }: AskProps) {
  const collection = useCollection();
  const recipe = collection && wantedRecipe(collection);
  const next = recipe && withModel(recipe, info);
  const plan = usePlan(collection?.id ?? '', next);
  if (!collection || !recipe || !next) return null;
  return (
    <div className={css.ask} role="status">
      <p>
        <b>{collection.name}</b> with {info.name}
        {info.remote
          ? `, which gets its texts at ${hostOf(info.remote.baseUrl)}.`
          : ', its pooling and its prefixes.'}{' '}
        {plan.error ?? (plan.value ? planWords(plan.value) : 'Counting what would change')}
        {plan.value && plan.value.toEmbed > 0 && '. The old vectors serve until the new ones are whole.'}
      </p>
      <div className={css.buttons}>
        <Button
          look="primary"
          disabled={!plan.value || plan.error !== undefined}
          onClick={() => {
            void applyRecipe(collection.id, recipe, next);
            onDone();
          }}
        >
          Use {info.name}
        </Button>
        <Button look="quiet" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </div>
  );
}

function Remove({ entry: { info, source }, onDone, onCancel }: AskProps) {
  const removing = useTask();
  return (
    <div className={css.ask}>
      <p>
        {source === 'remote'
          ? `Remove ${info.name}? Nothing changes at its endpoint.`
          : `Remove ${info.name}? That frees ${size(info.bytes)}. To use it again, its file has to be added again.`}
      </p>
      {removing.error !== undefined && (
        <p role="alert" className={css.failed}>
          {removing.error}
        </p>
      )}
      <div className={css.buttons}>
        <Button
          look="danger"
          disabled={removing.busy}
          onClick={() =>
            removing.run(async () => {
              await client.removeModel(info.id);
              screen.toast({ tone: 'plain', text: `Removed ${info.name}.` });
              onDone();
              await Promise.all([mirror.readModels(), shelf.readEntries()]);
            })
          }
        >
          Remove {info.name}
        </Button>
        <Button look="quiet" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </div>
  );
}
