import { isAbort } from '../../domain/errors.ts';
import type { Recipe } from '../../domain/recipe.ts';
import { client, mirror, screen } from '../../state/app.ts';
import type { ShownModel } from '../../state/screen.ts';
import { neighbourOf, nothingSelected, selectOne } from '../../state/selection.ts';
import { plural, sentence } from '../parts/format.ts';
import { appliedWords, cancelledWords, rechunks } from './recipe-words.ts';

/** What a person can do to the workspace. Each of these says itself what went wrong. */

/** Runs one action; what it throws becomes a toast. An abort is never shown. */
export async function attempt(action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    if (!isAbort(error)) screen.toast({ tone: 'bad', text: sentence(error) });
  }
}

export function openModels(shown?: ShownModel): void {
  screen.set({ dialog: { kind: 'models', ...(shown ? { shown } : {}) } });
}

/** Asks for a new collection's name, with its model chosen. */
export function newCollectionOf(modelId: string): void {
  screen.set({ dialog: { kind: 'new-collection', modelId } });
}

/** Removes files at once; Undo brings them back. */
export function removeFiles(ids: readonly string[]): Promise<void> {
  return attempt(async () => {
    const { table } = mirror.store.getState();
    const next = neighbourOf(table.order, new Set(ids));
    const first = table.rows.get(ids[0] ?? '');
    await client.removeFiles([...ids]);
    screen.set({ selection: next === undefined ? nothingSelected : selectOne(next) });
    screen.toast({
      tone: 'plain',
      text: ids.length === 1 && first ? `Removed ${first.path}.` : `Removed ${plural(ids.length, 'file')}.`,
      undo: () => void attempt(() => client.restoreFiles([...ids])),
    });
  });
}

export function retryFiles(ids: readonly string[]): Promise<void> {
  return attempt(() => client.retryFiles([...ids]));
}

/** Cancels files at once; Undo puts them back in the queue. */
export function cancelFiles(ids: readonly string[]): Promise<void> {
  return attempt(async () => {
    await client.cancelFiles([...ids]);
    screen.toast({
      tone: 'plain',
      text: `Cancelled ${plural(ids.length, 'file')}.`,
      undo: () => void retryFiles(ids),
    });
  });
}

/** Cancels what is left of the collection's work; Undo takes it up again, a recipe change included. */
export function cancelAll(): Promise<void> {
  return attempt(async () => {
    const { currentId, table, collections } = mirror.store.getState();
    if (currentId === undefined) return;
    const { recipe, nextRecipe } = collections.find(({ id }) => id === currentId) ?? {};
    const ids = [...table.rows.values()]
      .filter(({ state }) => state === 'waiting' || state === 'reading' || state === 'embedding')
      .map(({ id }) => id);
    await client.cancelAll(currentId);
    screen.toast({
      tone: 'plain',
      text:
        recipe && nextRecipe
          ? cancelledWords(recipe, nextRecipe)
          : `Cancelled ${plural(ids.length, 'file')}.`,
      undo: () =>
        void attempt(async () => {
          if (nextRecipe) await client.applyRecipe(currentId, nextRecipe);
          else await client.retryFiles(ids);
        }),
    });
  });
}

export function pauseWork(): Promise<void> {
  return attempt(() => client.pause());
}

export function resumeWork(): Promise<void> {
  return attempt(() => client.resume());
}

/** Applies a recipe at once; Undo applies the one before. */
export function applyRecipe(collectionId: string, before: Recipe, recipe: Recipe): Promise<void> {
  return attempt(async () => {
    await client.applyRecipe(collectionId, recipe);
    if (rechunks(before, recipe)) screen.set({ draft: undefined });
    screen.toast({
      tone: 'plain',
      text: appliedWords(before, recipe),
      undo: () => void attempt(() => client.applyRecipe(collectionId, before)),
    });
  });
}

export function openCollection(id: string): void {
  screen.leaveCollection();
  mirror.open(id);
}

export function createCollection(name: string, modelId?: string): Promise<void> {
  return attempt(async () => openCollection(await client.createCollection(name, modelId)));
}

export function renameCollection(id: string, name: string): Promise<void> {
  return attempt(() => client.renameCollection(id, name));
}

/** Removes the collection at once; Undo brings it back and opens it. */
export function removeCollection(id: string, name: string): Promise<void> {
  return attempt(async () => {
    await client.removeCollection(id);
    screen.leaveCollection();
    screen.toast({
      tone: 'plain',
      text: `Removed the collection ${name}.`,
      undo: () =>
        void attempt(async () => {
          await client.restoreCollection(id);
          openCollection(id);
        }),
    });
  });
}

export function copyText(text: string, what: string): Promise<void> {
  return attempt(async () => {
    await navigator.clipboard.writeText(text);
    screen.toast({ tone: 'plain', text: `${what} copied.` });
  });
}
