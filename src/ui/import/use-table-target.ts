import { useState } from 'react';
import type { CollectionInfo } from '../../domain/collection.ts';
import type { ImportMapping } from '../../domain/import.ts';
import type { ModelInfo } from '../../domain/model.ts';
import type { ImportTarget, TableCheck, TableLook } from '../../workspace/imports-api.ts';
import { useMirror } from '../app/hooks.ts';
import { number } from '../parts/format.ts';
import { firstDestination } from './target-fields.tsx';

/** Where a table goes and by which model its vectors are, as far as a person, the file and the dimensions say. */
export function useTableTarget(look: TableLook, mapping: ImportMapping) {
  const models = useMirror(state => state.models);
  const collections = useMirror(state => state.collections);
  const [destination, setDestination] = useState(() => firstDestination(look.name));
  const [chosen, setModelId] = useState<string>();
  const wanted = chosen ?? look.model?.id;
  const { to, name, collectionId } = destination;
  const dimensions = look.columns.find(column => column.name === mapping.embedding)?.dimensions;

  /** The model for a new collection: as wanted, else the first that fits. */
  const modelOf = (fitting: readonly string[]) => fitting.find(id => id === wanted) ?? fitting[0];
  const guessed = models.filter(model => model.dimensions === dimensions).map(({ id }) => id);
  const toCheck = wanted ?? guessed[0] ?? models[0]?.id ?? '';
  const into = collections.find(({ id }) => id === collectionId);
  const checked: ImportTarget =
    to === 'existing' && into ? { collectionId: into.id } : { name: name.trim(), modelId: toCheck };

  return {
    destination,
    setDestination,
    setModelId,
    /** What the table is checked against. */
    checked,
    /** What stands once the check is there; no target while something is still to be chosen. */
    settle(check: TableCheck | undefined): {
      target?: ImportTarget;
      modelId?: string;
      fitting: readonly string[];
    } {
      const fitting = check?.models ?? guessed;
      if (to === 'existing') {
        const fits = into && check?.fits.includes(into.id);
        return fits
          ? { target: { collectionId: into.id }, modelId: into.recipe.modelId, fitting }
          : { fitting };
      }
      const modelId = modelOf(fitting);
      return modelId === undefined
        ? { fitting }
        : { target: { name: name.trim(), modelId }, modelId, fitting };
    },
    /** Has what came of a check looked at in its turn: another model than the one that was checked may fit. */
    follow(target: ImportTarget | undefined) {
      if (target && 'modelId' in target && 'modelId' in checked && target.modelId !== checked.modelId)
        setModelId(target.modelId);
    },
    misfit: (collection: CollectionInfo) => misfitWords(collection, models),
  };
}

/** '384 dimensions, all-MiniLM-L6-v2' */
function misfitWords({ recipe, nextRecipe }: CollectionInfo, models: readonly ModelInfo[]): string {
  if (nextRecipe) return 'on its way to another recipe';
  const model = models.find(({ id }) => id === recipe.modelId)?.name ?? 'a model that is not here';
  return `${number(recipe.dimensions)} dimensions, ${model}`;
}
