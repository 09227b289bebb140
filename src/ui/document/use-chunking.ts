import { useEffect, useState } from 'react';
import type { CollectionInfo } from '../../domain/collection.ts';
import { isAbort } from '../../domain/errors.ts';
import { type Recipe, recipeKey } from '../../domain/recipe.ts';
import { client } from '../../state/app.ts';
import type { ChunkingDraft } from '../../state/screen.ts';
import type { RecipePlan } from '../../workspace/api.ts';
import { useScreen } from '../app/hooks.ts';
import { sentence } from '../parts/format.ts';
import { createPreviews, type PreviewState, type Previews } from './previews.ts';

/** The recipe being worked towards, or else the one in force: what the controls start from. */
export function wantedRecipe(collection: CollectionInfo): Recipe {
  return collection.nextRecipe ?? collection.recipe;
}

/** The recipe as set on the page, where that is another than the collection's. */
export function draftRecipe(
  collection: CollectionInfo,
  draft: ChunkingDraft | undefined,
): Recipe | undefined {
  if (!draft) return undefined;
  const recipe = wantedRecipe(collection);
  const { breakPercentile: _, leastSize: __, ...rest } = recipe;
  const next = { ...rest, ...draft };
  return recipeKey(next) === recipeKey(recipe) ? undefined : next;
}

export function useDraftRecipe(collection: CollectionInfo | undefined): Recipe | undefined {
  const draft = useScreen(state => state.draft);
  return collection && draftRecipe(collection, draft);
}

interface Asked<T> {
  value?: T;
  error?: string;
  pending: boolean;
}

/** Asks a little after the last change of `key`, and takes back the question before. Without a key nothing is asked. */
function useAsked<T>(
  key: string | undefined,
  delay: number,
  ask: (signal: AbortSignal) => Promise<T>,
): Asked<T> {
  const [answer, setAnswer] = useState<{ key: string; value?: T; error?: string }>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says all that the question depends on
  useEffect(() => {
    if (key === undefined) return;
    const controller = new AbortController();
    const timer = setTimeout(() => {
      ask(controller.signal).then(
        value => controller.signal.aborted || setAnswer({ key, value }),
        error => isAbort(error) || controller.signal.aborted || setAnswer({ key, error: sentence(error) }),
      );
    }, delay);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [key, delay]);
  if (key === undefined) return { pending: false };
  // While a new answer is on its way the old one stays on screen.
  const kept = answer?.value === undefined ? {} : { value: answer.value };
  if (answer?.key !== key) return { ...kept, pending: true };
  return { ...kept, ...(answer.error === undefined ? {} : { error: answer.error }), pending: false };
}

/** What stays the same while sizes and thresholds move. */
function previewGroup(fileId: string, { modelId, strategy, pooling, documentPrefix }: Recipe): string {
  return JSON.stringify([fileId, modelId, strategy, pooling, documentPrefix]);
}

/** The chunks of one document under another recipe. */
export function usePreview(
  fileId: string | undefined,
  recipe: Recipe | undefined,
): PreviewState & Pick<Previews, 'embed' | 'cancel'> {
  const [state, setState] = useState<PreviewState>({ pending: false });
  const [previews] = useState(() => createPreviews(setState));
  const key = fileId !== undefined && recipe ? JSON.stringify([fileId, recipe]) : undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says all that the question depends on
  useEffect(() => {
    if (key === undefined || fileId === undefined || !recipe) return previews.want(undefined);
    previews.want({
      key,
      group: previewGroup(fileId, recipe),
      ask: (most, signal, progress) => client.previewChunks(fileId, recipe, most, signal, progress),
    });
  }, [key, previews]);
  useEffect(() => () => previews.want(undefined), [previews]);
  return { ...state, embed: previews.embed, cancel: previews.cancel };
}

/** What a recipe would cost the whole collection. */
export function usePlan(collectionId: string, recipe: Recipe | undefined): Asked<RecipePlan> {
  const key = recipe ? JSON.stringify([collectionId, recipe]) : undefined;
  return useAsked(key, 400, signal => {
    if (!recipe) throw new Error('Nothing to plan.');
    return client.planRecipe(collectionId, recipe, signal);
  });
}
