import { errorCode, isAbort, VecdropError } from '../../domain/errors.ts';
import type { ModelInfo } from '../../domain/model.ts';
import { groupParts, isModelPath } from '../../domain/split.ts';
import { client, keptFolders, mirror, screen, shelf } from '../../state/app.ts';
import { type ChangeGroup, type Comparison, compareGathered } from '../../state/comparison.ts';
import type { Mirror } from '../../state/mirror.ts';
import { gatherSample } from '../../state/sample.ts';
import type { Toast } from '../../state/screen.ts';
import { type Gathered, type Gathering, type Skipped, withBinary } from '../../state/walk.ts';
import type { Addition, AddProgress, AddReport } from '../../workspace/api.ts';
import { takeImports } from '../import/dropped.ts';
import { sentence } from '../parts/format.ts';
import { attempt, newCollectionOf, openModels } from './actions.ts';
import { movedToast, reportToast, unchangedToast } from './report.ts';

/** The name of the collection that is made when files come and there is none. */
const FIRST_COLLECTION = 'My documents';

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
  const { currentId } = mirror.store.getState();
  if (currentId !== undefined) return currentId;
  const id = await client.createCollection(FIRST_COLLECTION);
  mirror.open(id);
  return id;
}

export interface AddOptions {
  /** The collection; the current one where absent. */
  into?: string | undefined;
  /** Whether the person asked what has changed, and wants to see it before anything is done. */
  isRescan?: boolean;
}

let lastAdding: Promise<void> = Promise.resolve();

/** Adds files after what is being added already. Folders that are known are compared first. */
export function addGathered(gathering: Gathering, options: AddOptions = {}): Promise<void> {
  const mine = lastAdding.then(() => attempt(() => add(gathering, options)));
  lastAdding = mine;
  return mine;
}

export function addSample(): Promise<void> {
  return addGathered(gatherSample);
}

type Doing = NonNullable<ReturnType<typeof screen.store.getState>['adding']>['doing'];

async function add(gathering: Gathering, { into, isRescan = false }: AddOptions): Promise<void> {
  const controller = new AbortController();
  const { signal } = controller;
  let isOver = false;
  const say = (doing: Doing, { done, total }: AddProgress) => {
    // Progress comes by a port of its own: the last of it may be heard after the answer.
    if (!isOver) screen.set({ adding: { doing, done, total, cancel: () => controller.abort() } });
  };
  let added = false;
  try {
    await collectionsRead();
    const target = into ?? mirror.store.getState().currentId;
    let known: readonly string[] = [];
    const all = await gathering(async folders => {
      if (folders.length === 0 || target === undefined) return [];
      say('Looking through', { done: 0, total: 0 });
      known = await client.pathsBelow(target, folders);
      return known;
    }, signal);
    const { imports, rest } = await takeImports(client, all.additions, signal);
    if (imports.length > 0) screen.set({ dialog: { kind: 'import', files: imports } });
    const gathered = { ...all, additions: rest };
    if (imports.length > 0 && holdsNothing(gathered)) return;
    const comparison =
      known.length > 0 && target !== undefined
        ? await compareGathered(client, target, gathered, signal, (done, total) =>
            say('Comparing', { done, total }),
          )
        : undefined;
    const groups = comparison ? await decide(comparison, gathered, target, isRescan) : ALL_GROUPS;
    if (!groups) return;
    const isToldOf = comparison ? await moveAndRemove(comparison, groups) : false;
    added = true;
    await addChosen({ gathered, comparison, groups, isToldOf, target, signal, say });
  } catch (error) {
    if (!isAbort(error)) throw error;
    const text = added ? 'Stopped adding. What was added by then stays.' : 'Stopped. Nothing was changed.';
    screen.toast({ tone: 'plain', text });
  } finally {
    isOver = true;
    screen.set({ adding: undefined });
  }
}

function holdsNothing({ additions, folders, unreadable, skipped }: Gathered): boolean {
  return additions.length + folders.length + unreadable.length === 0 && !skipped;
}

const ALL_GROUPS: ReadonlySet<ChangeGroup> = new Set(['changed', 'moved', 'added', 'stopped']);

/** Which groups to work on; undefined for nothing at all. What can only add goes on without a question. */
async function decide(
  comparison: Comparison,
  { unreadable, skipped }: Gathered,
  target: string | undefined,
  isRescan: boolean,
): Promise<ReadonlySet<ChangeGroup> | undefined> {
  const { rows, folders } = comparison;
  const lost = folders.find(folder => unreadable.includes(folder));
  if (isRescan && lost !== undefined) {
    throw new VecdropError(
      'file/unreadable',
      `“${lost}” cannot be opened: it was moved or removed, or may not be read. Choose the folder again.`,
    );
  }
  const { changed, moved, added, stopped, gone } = rows;
  const differs = changed.length + moved.length + gone.length > 0;
  if (!differs && !isRescan) return ALL_GROUPS;
  if (!differs && added.length + stopped.length === 0) {
    if (comparison.unreadable.length + unreadable.length > 0) return ALL_GROUPS;
    const left = withBinaries(skipped, comparison.binary);
    screen.toast({ ...unchangedToast(comparison), ...(left ? includeStep(left, target) : {}) });
    return undefined;
  }
  screen.set({ adding: undefined });
  return askPlan(comparison);
}

/** Shows what has changed, when no other dialog is open, and waits for the person. Undefined where they want none of it. */
async function askPlan(comparison: Comparison): Promise<ReadonlySet<ChangeGroup> | undefined> {
  await new Promise<void>(resolve => {
    const go = () => {
      if (screen.store.getState().dialog) return;
      stop();
      resolve();
    };
    const stop = screen.store.subscribe(go);
    go();
  });
  return new Promise(resolve => {
    const dialog = { kind: 'folder-plan', comparison, decide } as const;
    function decide(groups: ReadonlySet<ChangeGroup>) {
      resolve(groups);
      screen.set({ dialog: undefined });
    }
    screen.set({ dialog });
    const stop = screen.store.subscribe(state => {
      if (state.dialog === dialog) return;
      stop();
      resolve(undefined);
    });
  });
}

/**
 * One step, and one that can be undone: a moved file keeps its vectors, a removed one comes back with them. Whether there
 * was anything to do, of which the person is told.
 */
async function moveAndRemove(comparison: Comparison, groups: ReadonlySet<ChangeGroup>): Promise<boolean> {
  const { to, back } = comparison.moves;
  const moves = groups.has('moved') ? to : [];
  const gone = groups.has('gone') ? comparison.gone : [];
  if (moves.length + gone.length === 0) return false;
  await client.placeFiles(moves);
  if (gone.length > 0) await client.removeFiles(gone);
  screen.toast({
    ...movedToast(moves.length, gone.length),
    undo: () =>
      void attempt(async () => {
        if (gone.length > 0) await client.restoreFiles(gone);
        if (moves.length > 0) await client.placeFiles(back);
      }),
  });
  return true;
}

interface Chosen {
  gathered: Gathered;
  comparison: Comparison | undefined;
  groups: ReadonlySet<ChangeGroup>;
  /** Whether the person has been told of a part of it already. */
  isToldOf: boolean;
  target: string | undefined;
  signal: AbortSignal;
  say: (doing: Doing, progress: AddProgress) => void;
}

async function addChosen(chosen: Chosen): Promise<void> {
  const { gathered, comparison, groups, isToldOf, target, signal, say } = chosen;
  const isModel = ({ path }: Addition) => isModelPath(path);
  const isCompared = (addition: Addition) => addition.fromFolder && !isModel(addition);
  const additions = comparison
    ? [...gathered.additions.filter(one => !isCompared(one)), ...comparison.additions(groups)]
    : gathered.additions;
  const unreadable = [...gathered.unreadable, ...(comparison?.unreadable ?? [])];
  const { skipped } = gathered;
  if (!comparison && additions.length === 0 && unreadable.length === 0 && !skipped) {
    screen.toast({ tone: 'plain', text: 'There were no files in it.' });
    return;
  }
  const others = additions.filter(addition => !isModel(addition));
  const modelGroups = groupParts(additions.filter(isModel), ({ path }) => path).map(group =>
    group.map(({ file }) => file),
  );
  say('Adding', { done: 0, total: additions.length });
  const { models, failed } = await addModels(modelGroups, signal, done =>
    say('Adding', { done, total: additions.length }),
  );
  const before = additions.length - others.length;
  const collectionId = target ?? (others.length > 0 ? await currentCollection() : undefined);
  const report =
    collectionId !== undefined && others.length > 0
      ? await client.addFiles(collectionId, others, signal, ({ done, total }) =>
          say('Adding', { done: before + done, total: before + total }),
        )
      : NOTHING_ADDED;
  if (collectionId !== undefined) void keptFolders.keep(collectionId, gathered.handles);
  const of = new Set(report.binary.of);
  const binary = [...(comparison?.binary ?? []), ...additions.filter(({ path }) => of.has(path))];
  const left = withBinaries(skipped, binary, (comparison?.binary.length ?? 0) + report.binary.files);
  if (isToldOf && additions.length === 0 && unreadable.length === 0) return;
  const toast = reportToast(
    {
      ...report,
      unchanged: report.unchanged + (comparison?.unchanged ?? 0),
      models: models.map(({ name }) => name),
      failed: [...failed, ...report.failed],
    },
    unreadable,
    left?.counts,
  );
  screen.toast({ ...toast, ...nextStep(models), ...(left ? includeStep(left, collectionId) : {}) });
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

/** What was left out as it was gathered, and what turned out to hold no text: `files`, in these additions. */
function withBinaries(
  skipped: Skipped | undefined,
  binary: readonly Addition[],
  files = binary.length,
): Skipped | undefined {
  const counts = withBinary(skipped?.counts, files);
  if (!counts || binary.length === 0) return skipped;
  return {
    counts,
    paths: [...(skipped?.paths ?? []), ...binary.map(({ path }) => path)],
    async include() {
      const rest = await skipped?.include();
      const asked = binary.map((addition): Addition => ({ ...addition, asked: true }));
      const additions = [...asked, ...(rest?.additions ?? [])];
      return { additions, unreadable: rest?.unreadable ?? [], folders: [], handles: [] };
    },
  };
}

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
function includeStep(skipped: Skipped, into: string | undefined): Pick<Toast, 'action'> {
  return {
    action: { label: 'Include them', run: () => void addGathered(() => skipped.include(), { into }) },
  };
}

/** What is usually done with a model that was just added. */
function nextStep(models: readonly ModelInfo[]): Pick<Toast, 'action'> {
  const [model, another] = models;
  if (!model) return {};
  if (another) return { action: { label: 'Show models', run: () => openModels({ id: model.id }) } };
  return { action: { label: 'Use it for a new collection', run: () => newCollectionOf(model.id) } };
}
