import { isAbort } from '../../domain/errors.ts';
import type { Recipe } from '../../domain/recipe.ts';
import { client, mirror, screen } from '../../state/app.ts';
import type { Gathered } from '../../state/drop.ts';
import type { Mirror } from '../../state/mirror.ts';
import { gatherSample } from '../../state/sample.ts';
import { neighbourOf, nothingSelected, selectOne } from '../../state/selection.ts';
import { plural, sentence } from '../parts/format.ts';
import { reportToast } from './report.ts';

/** What a person can do to the workspace. Each of these says itself what went wrong. */

/** The name of the collection that is made when files come and there is none. */
const FIRST_COLLECTION = 'My documents';

/** Runs one action; what it throws becomes a toast. An abort is never shown. */
export async function attempt(action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    if (!isAbort(error)) screen.toast({ tone: 'bad', text: sentence(error) });
  }
}

/** A page that was just opened does not know its collections yet, and files may be dropped on it already. */
function collectionsRead(): Promise<void> {
  const isRead = ({ ready, failure }: Mirror) => ready || failure !== undefined;
  if (isRead(mirror.store.getState())) return Promise.resolve();
  return new Promise(resolve => {
    const stop = mirror.store.subscribe(state => {
      if (!isRead(state)) return;
      stop();
      resolve();
    });
  });
}

async function currentCollection(): Promise<string> {
  await collectionsRead();
  const { currentId } = mirror.store.getState();
  if (currentId !== undefined) return currentId;
  const id = await client.createCollection(FIRST_COLLECTION);
  mirror.open(id);
  return id;
}

let lastAdding: Promise<void> = Promise.resolve();

/** Adds files to the current collection, after what is being added already. */
export function addGathered(gathering: Promise<Gathered> | Gathered): Promise<void> {
  const mine = lastAdding.then(() => attempt(() => add(gathering)));
  lastAdding = mine;
  return mine;
}

async function add(gathering: Promise<Gathered> | Gathered): Promise<void> {
  const { additions, unreadable } = await gathering;
  if (additions.length === 0 && unreadable.length === 0) {
    screen.toast({ tone: 'plain', text: 'There were no files in it.' });
    return;
  }
  const collectionId = await currentCollection();
  const controller = new AbortController();
  const cancel = () => controller.abort();
  screen.set({ adding: { done: 0, total: additions.length, cancel } });
  try {
    const report = await client.addFiles(collectionId, additions, controller.signal, progress =>
      screen.set({ adding: { ...progress, cancel } }),
    );
    screen.toast(reportToast(report, unreadable));
    if (report.models.length > 0) await mirror.readModels();
  } catch (error) {
    if (!isAbort(error)) throw error;
    screen.toast({ tone: 'plain', text: 'Stopped adding. What was added by then stays.' });
  } finally {
    screen.set({ adding: undefined });
  }
}

export function addSample(): Promise<void> {
  return addGathered(gatherSample());
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
    const nextRecipe = collections.find(({ id }) => id === currentId)?.nextRecipe;
    const ids = [...table.rows.values()]
      .filter(({ state }) => state === 'waiting' || state === 'reading' || state === 'embedding')
      .map(({ id }) => id);
    await client.cancelAll(currentId);
    screen.toast({
      tone: 'plain',
      text: nextRecipe
        ? 'Cancelled. The collection keeps its old chunking.'
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
    screen.set({ draft: undefined });
    screen.toast({
      tone: 'plain',
      text: 'The new chunking is being worked in. The old vectors serve until the new ones are whole.',
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
