import { errorCode, isAbort } from '../../domain/errors.ts';
import type { ModelInfo } from '../../domain/model.ts';
import type { Recipe } from '../../domain/recipe.ts';
import { groupParts } from '../../domain/split.ts';
import { client, mirror, screen, shelf } from '../../state/app.ts';
import type { Gathered, Skipped } from '../../state/drop.ts';
import type { Mirror } from '../../state/mirror.ts';
import { gatherSample } from '../../state/sample.ts';
import type { ShownModel, Toast } from '../../state/screen.ts';
import { neighbourOf, nothingSelected, selectOne } from '../../state/selection.ts';
import type { Addition, AddReport } from '../../workspace/api.ts';
import { plural, sentence } from '../parts/format.ts';
import { appliedWords, cancelledWords, rechunks } from './recipe-words.ts';
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

/** Adds files to a collection, the current one where none is given, after what is being added already. */
export function addGathered(gathering: Promise<Gathered> | Gathered, into?: string): Promise<void> {
  const mine = lastAdding.then(() => attempt(() => add(gathering, into)));
  lastAdding = mine;
  return mine;
}

async function add(gathering: Promise<Gathered> | Gathered, into?: string): Promise<void> {
  const { additions, unreadable, skipped } = await gathering;
  if (additions.length === 0 && unreadable.length === 0 && !skipped) {
    screen.toast({ tone: 'plain', text: 'There were no files in it.' });
    return;
  }
  const isModel = ({ path }: Addition) => path.toLowerCase().endsWith('.gguf');
  const others = additions.filter(addition => !isModel(addition));
  const groups = groupParts(additions.filter(isModel), ({ path }) => path).map(group =>
    group.map(({ file }) => file),
  );
  const controller = new AbortController();
  const cancel = () => controller.abort();
  const said = (done: number, total = additions.length) => screen.set({ adding: { done, total, cancel } });
  said(0);
  try {
    const { models, failed } = await addModels(groups, controller.signal, said);
    const before = additions.length - others.length;
    const collectionId =
      into ?? (others.length > 0 ? await currentCollection() : mirror.store.getState().currentId);
    const report =
      collectionId !== undefined && others.length > 0
        ? await client.addFiles(collectionId, others, controller.signal, ({ done, total }) =>
            said(before + done, before + total),
          )
        : NOTHING_ADDED;
    const names = models.map(({ name }) => name);
    const toast = reportToast(
      { ...report, models: names, failed: [...failed, ...report.failed] },
      unreadable,
      skipped?.counts,
    );
    screen.toast({ ...toast, ...nextStep(models), ...(skipped ? includeStep(skipped, collectionId) : {}) });
  } catch (error) {
    if (!isAbort(error)) throw error;
    screen.toast({ tone: 'plain', text: 'Stopped adding. What was added by then stays.' });
  } finally {
    screen.set({ adding: undefined });
  }
}

const NOTHING_ADDED: AddReport = {
  added: 0,
  unchanged: 0,
  changed: 0,
  renamed: [],
  failed: [],
  models: [],
  binary: { files: 0, of: [] },
};

/** Adds models one by one, the parts of a split one together; one that is refused does not stop the rest. */
export async function addModels(
  groups: readonly File[][],
  signal: AbortSignal,
  progress: (files: number) => void = () => {},
): Promise<{ models: ModelInfo[]; failed: AddReport['failed'] }> {
  const models: ModelInfo[] = [];
  const failed: AddReport['failed'] = [];
  let done = 0;
  for (const files of groups) {
    signal.throwIfAborted();
    try {
      models.push(await client.addModelFiles(files));
    } catch (error) {
      const path = files[0]?.name ?? '';
      failed.push({ path, error: { code: errorCode(error), message: sentence(error) } });
    }
    done += files.length;
    progress(done);
  }
  if (models.length > 0) await Promise.all([mirror.readModels(), shelf.readEntries()]);
  return { models, failed };
}

/** Adds what was left out, to the collection that the rest went to. */
function includeStep(skipped: Skipped, collectionId?: string): Pick<Toast, 'action'> {
  return { action: { label: 'Include them', run: () => void addGathered(skipped.include(), collectionId) } };
}

/** What is usually done with a model that was just added. */
function nextStep(models: readonly ModelInfo[]): Pick<Toast, 'action'> {
  const [model, another] = models;
  if (!model) return {};
  if (another) return { action: { label: 'Show models', run: () => openModels({ id: model.id }) } };
  return { action: { label: 'Use it for a new collection', run: () => newCollectionOf(model.id) } };
}

export function openModels(shown?: ShownModel): void {
  screen.set({ dialog: { kind: 'models', ...(shown ? { shown } : {}) } });
}

/** Asks for a new collection's name, with its model chosen. */
export function newCollectionOf(modelId: string): void {
  screen.set({ dialog: { kind: 'new-collection', modelId } });
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
