import { rename, rm } from 'node:fs/promises';
import type { FileRow } from '../../src/domain/collection.ts';
import type { EmbedArguments } from './arguments.ts';
import type { InputFile } from './inputs.ts';
import { prepareModel } from './model.ts';
import type { Output } from './output.ts';
import type { EmbedPage } from './page.ts';
import { type Progress, progressLine } from './progress.ts';

/** Files handed to the page at once, and rows asked of it at once. */
const BATCH = 1000;
const POLL_MS = 250;
/** Every run makes a collection of its own; a chunk of the same place has the same id in all of them. */
const ID_SPACE = 'embed';

export interface Reporter {
  update(line: string): void;
  say(line: string): void;
}

export interface Outcome {
  files: number;
  failed: number;
  chunks: number;
}

/** Embeds files into a collection of the page and writes it out. Says a line for each file that failed. */
export async function embedFiles(
  page: EmbedPage,
  files: readonly InputFile[],
  wanted: EmbedArguments,
  report: Reporter,
): Promise<Outcome> {
  const modelId = await prepareModel(page, wanted, report);
  const collectionId = await makeCollection(page, modelId, wanted);
  let expected = 0;
  let failed = 0;
  for (let at = 0; at < files.length; at += BATCH) {
    const added = await page.addFiles(collectionId, files.slice(at, at + BATCH));
    expected += added.added;
    failed += added.failed.length;
    for (const { path, error } of added.failed) report.say(`Failed: ${path}: ${error.message}`);
    for (const [given, kept] of added.renamed) report.say(`Renamed: ${given} is ${kept} in the vectors`);
  }
  const rows = await finish(page, collectionId, expected, failed, report);
  failed += rows.filter(({ state }) => state !== 'done').length;
  for (const output of wanted.out) await write(page, collectionId, output);
  return { files: files.length, failed, chunks: rows.reduce((sum, { done }) => sum + done, 0) };
}

/** All files of the format appear at once, or none does. */
async function write(page: EmbedPage, collectionId: string, { format, precision, files }: Output) {
  const part = (path: string) => `${path}.part`;
  try {
    for (const { path, extension } of files) {
      await page.download(
        collectionId,
        { format, precision, only: extension, idSpace: ID_SPACE },
        part(path),
      );
    }
    for (const { path } of files) await rename(part(path), path);
  } finally {
    for (const { path } of files) await rm(part(path), { force: true });
  }
}

async function makeCollection(
  page: EmbedPage,
  modelId: string | undefined,
  { strategy, chunkSize, overlap }: EmbedArguments,
): Promise<string> {
  const id = await page.ask('createCollection', 'Vectors', modelId);
  const made = (await page.ask('collections')).find(collection => collection.id === id);
  if (!made) throw new Error('The page made no collection.');
  const recipe = { ...made.recipe };
  if (strategy !== undefined) recipe.strategy = strategy;
  if (chunkSize !== undefined) {
    recipe.chunkSize = chunkSize;
    // A default overlap must not stand in the way of a small chunk.
    recipe.overlap = Math.min(recipe.overlap, Math.floor(chunkSize / 2));
  }
  if (overlap !== undefined) recipe.overlap = overlap;
  await page.ask('applyRecipe', id, recipe);
  return id;
}

/** Waits until nothing is left to do. Rejects when the queue stands still for a reason that waiting does not mend. */
async function finish(
  page: EmbedPage,
  collectionId: string,
  expected: number,
  failedBefore: number,
  report: Reporter,
): Promise<FileRow[]> {
  const rows = new Map<string, FileRow>();
  let revision = 0;
  for (;;) {
    let fresh: FileRow[];
    do {
      fresh = await page.ask('files', collectionId, revision, BATCH);
      for (const row of fresh) {
        const known = rows.get(row.id)?.state === 'failed';
        if (row.state === 'failed' && !known) {
          report.say(`Failed: ${row.path}: ${row.error?.message ?? 'the page gave no reason'}`);
        }
        rows.set(row.id, row);
        revision = row.revision;
      }
    } while (fresh.length === BATCH);
    const all = [...rows.values()];
    const ended = all.filter(({ state }) => state === 'done' || state === 'failed' || state === 'cancelled');
    const { paused, tokensPerSecond } = await page.ask('status');
    const progress: Progress = {
      filesDone: failedBefore + ended.length,
      files: failedBefore + expected,
      chunks: all.reduce((sum, { done }) => sum + done, 0),
      tokensPerSecond,
    };
    report.update(progressLine(progress));
    if (ended.length >= expected) return all;
    if (paused) throw new Error(paused.message);
    await new Promise(resolve => setTimeout(resolve, POLL_MS));
  }
}
