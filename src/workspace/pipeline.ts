import type { Failure } from '../domain/collection.ts';
import { errorCode, isAbort, toVecdropError, VecdropError } from '../domain/errors.ts';
import { type Recipe, recipeKey, sharesVectors } from '../domain/recipe.ts';
import { rejectedInput } from '../embed/rejected.ts';
import type { Database } from '../store/database.ts';
import { getFile } from '../store/files.ts';
import { readSettings } from '../store/meta.ts';
import {
  beginAttempt,
  failFile,
  finishFile,
  forgiveDeaths,
  MAX_ATTEMPTS,
  nextFile,
  type QueuedFile,
  releaseFile,
  settleRecipes,
  yieldFile,
} from '../store/queue.ts';
import type { Generation } from '../store/schema.ts';
import { readColumns } from '../store/vectors.ts';
import type { Status } from './api.ts';
import type { Engines, Served } from './engines.ts';
import { createJob, type Job } from './job.ts';
import type { Models } from './models.ts';
import { prepare, sameContent } from './prepare.ts';
import type { Reader } from './reader.ts';
import type { SentenceVectorStore } from './sentence-vectors.ts';
import { tokenizerOf } from './tokenizers.ts';
import { createSignal } from './wake.ts';

/** Files are read ahead until this much waits for the engine. */
const AHEAD_TOKENS = 16_384;
const AHEAD_FILES = 32;

export interface PipelineOptions {
  db: Database;
  reader: Reader;
  sentences: SentenceVectorStore;
  models: Models;
  engines: Engines;
  clock?: () => number;
  /** Tokens that got their vectors now: for speed and time left. */
  onTokens: (tokens: number) => void;
  onProgress: () => void;
}

/** Drains the queue: while one file embeds, the next ones are read. */
export interface Pipeline {
  /**
   * Works until the signal aborts, then puts back what was under way and resolves. Rejects with what stops the queue as
   * a whole: 'storage/quota', 'storage/failed', 'model/…', 'engine/failed'. Files' own errors are kept with the files.
   */
  run(signal: AbortSignal): Promise<void>;
  /** Something changed in the database: look for new work, and whether the files under way are still wanted. */
  check(): void;
  readonly active: Status['active'];
}

export function createPipeline(options: PipelineOptions): Pipeline {
  const { db, reader, sentences, models, engines, clock = Date.now, onTokens, onProgress } = options;
  /** Files whose chunks are known, in the order of the queue; of those the ones that the engine has begun. */
  const jobs = new Set<Job>();
  const begun = new Set<Job>();
  const changed = createSignal();
  let reading: { fileId: string; abort: AbortController } | undefined;

  const busy = () => new Set([...jobs].map(job => job.fileId).concat(reading?.fileId ?? []));

  /** Whether another file may be read ahead. */
  function room(): boolean {
    let ahead = 0;
    for (const job of jobs) ahead += job.unissuedTokens;
    return jobs.size < AHEAD_FILES && ahead < AHEAD_TOKENS;
  }

  async function run(signal: AbortSignal): Promise<void> {
    const stop = new AbortController();
    let failure: unknown;
    const fail = (error: unknown) => {
      if (!stop.signal.aborted) failure = error;
      stop.abort();
    };
    signal.addEventListener('abort', () => stop.abort(), { once: true });
    if (signal.aborted) stop.abort();
    const onStop = () => {
      reading?.abort.abort();
      for (const job of jobs) job.abort();
      changed.notify();
    };
    stop.signal.addEventListener('abort', onStop, { once: true });

    while (!stop.signal.aborted) {
      try {
        await step(stop.signal, fail);
      } catch (error) {
        if (!isAbort(error)) fail(error);
      }
    }
    while (jobs.size > 0) await changed.wait();
    if (failure) throw failure;
  }

  /** Takes the next file as far as the engine, or waits for room or for work. */
  async function step(signal: AbortSignal, fail: (error: unknown) => void): Promise<void> {
    const ticket = changed.wait();
    if (!room()) return ticket;
    const next = await nextFile(db, busy());
    if (!next) {
      if (jobs.size === 0) await settleRecipes(db);
      return ticket;
    }
    // It has stopped the page or a worker before: alone, so that no other file shares the blame.
    const suspect = next.file.attempts > 0;
    while (suspect && jobs.size > 0) await changed.wait();
    const job = await open(next, signal);
    if (!job) return;
    const finished = work(job, next, signal).catch(fail);
    if (!suspect) return;
    await finished;
    const settled = (await getFile(db, next.file.id))?.queue === undefined;
    if (settled && !signal.aborted) await forgiveDeaths(db);
  }

  /** Reads one file, unless its chunks are known from before. Undefined when there is nothing to embed of it now. */
  async function open({ file, collection }: QueuedFile, signal: AbortSignal): Promise<Job | undefined> {
    const recipe = collection.nextRecipe ?? collection.recipe;
    const abort = new AbortController();
    reading = { fileId: file.id, abort };
    const stop = () => abort.abort();
    signal.addEventListener('abort', stop, { once: true });
    onProgress();
    try {
      if (file.attempts >= MAX_ATTEMPTS) {
        await failFile(db, file.id, tooManyDeaths(file.growing));
        return undefined;
      }
      const model = await models.open(recipe.modelId);
      // Loads while the file is read; a failure shows when the first text is to be embedded.
      engines.get(recipe, signal).catch(() => {});
      const known = file.growing;
      const resumable = known?.recipeKey === recipeKey(recipe) && known.sha256 === file.sha256;
      const generation = resumable
        ? known
        : await prepare({ db, reader, sentences, file, recipe, model, signal: abort.signal });
      const columns = generation && (await readColumns(db, generation.id));
      if (!generation || !columns) return undefined;
      const current = await getFile(db, file.id);
      if (!current || current.growing?.id !== generation.id) return undefined;
      const reuse = await reuseSources(current.current, recipe, file.sha256, file.id);
      const job = await createJob({
        db,
        file,
        generation,
        columns,
        recipe,
        tokenizer: tokenizerOf(model),
        reuse,
        clock,
      });
      if (abort.signal.aborted) return undefined;
      jobs.add(job);
      return job;
    } catch (error) {
      if (abort.signal.aborted && (isAbort(error) || errorCode(error).startsWith('worker/'))) {
        await releaseFile(db, file.id);
        return undefined;
      }
      if (stopsQueue(error)) {
        await releaseFile(db, file.id).catch(() => {});
        throw error;
      }
      await failFile(db, file.id, toFailure(error));
      return undefined;
    } finally {
      signal.removeEventListener('abort', stop);
      reading = undefined;
      onProgress();
    }
  }

  async function reuseSources(
    current: Generation | undefined,
    recipe: Recipe,
    sha256: string,
    fileId: string,
  ): Promise<Generation[]> {
    const others = await sameContent(db, sha256, fileId);
    return [...others, ...(current ? [current] : [])].filter(generation =>
      sharesVectors(generation.embeddingKey, recipe),
    );
  }

  /** Embeds and commits one file; ends with it finished, failed, or put back. Rejects with what stops the queue. */
  async function work(job: Job, { file, collection }: QueuedFile, signal: AbortSignal): Promise<void> {
    const recipe = collection.nextRecipe ?? collection.recipe;
    const before = [...jobs].slice(0, [...jobs].indexOf(job));
    try {
      // Earlier files first: few are under way at once, and the first to come is the first to be done.
      while (before.some(other => jobs.has(other) && other.unissuedTokens > 0)) {
        const ticket = changed.wait();
        job.signal.throwIfAborted();
        await ticket;
      }
      const engine = await engines.get(recipe, signal);
      await embedAll(job, engine);
      await job.flush();
      if (job.whole) {
        const { keepOriginals } = await readSettings(db);
        await finishFile(db, file.id, job.generationId, keepOriginals);
      } else if (!job.signal.aborted) {
        throw new VecdropError('internal', 'Some vectors of this file are missing. Retry it.');
      }
    } catch (error) {
      await job.flush().catch(() => {});
      if (job.signal.aborted) await releaseFile(db, file.id).catch(() => {});
      else if (stopsQueue(error)) {
        await releaseFile(db, file.id).catch(() => {});
        throw error;
      } else if (await mayTryAgain(job, error)) await yieldFile(db, file.id);
      else await failFile(db, file.id, blame(error, job));
    } finally {
      jobs.delete(job);
      begun.delete(job);
      changed.notify();
      onProgress();
    }
  }

  /** What nobody foresaw may pass, as when a tab is being closed: it counts as a death, and the third is the last. */
  async function mayTryAgain(job: Job, error: unknown): Promise<boolean> {
    if (error instanceof ChunkFailure || errorCode(error) !== 'internal') return false;
    if (!begun.has(job)) await beginAttempt(db, job.fileId, 'embedding');
    const file = await getFile(db, job.fileId);
    return file !== undefined && file.attempts < MAX_ATTEMPTS;
  }

  async function embedAll(job: Job, engine: Served): Promise<void> {
    const flying = new Set<Promise<void>>();
    let failed: unknown;
    for (;;) {
      job.signal.throwIfAborted();
      if (failed) break;
      const batch = await job.next();
      // There is room to read ahead, or it is the next file's turn: the engine must not run out of texts in between.
      if (room() || job.unissuedTokens === 0) changed.notify();
      if (!batch) break;
      if (!begun.has(job)) {
        begun.add(job);
        if (!(await beginAttempt(db, job.fileId, 'embedding'))) return job.abort();
        onProgress();
      }
      await engine.whenFree();
      const { first, inputs } = batch;
      const flight = engine
        .embed(inputs, job.signal)
        .then(async ({ data }) => {
          onTokens(inputs.reduce((sum, input) => sum + input.ids.length, 0));
          await job.accept(first, inputs.length, data);
          onProgress();
        })
        .catch(error => {
          const rejected = rejectedInput(error);
          failed ??= rejected === undefined ? error : new ChunkFailure(error, first + rejected);
        })
        .finally(() => flying.delete(flight));
      flying.add(flight);
    }
    await Promise.all(flying);
    if (failed) throw failed;
  }

  /** Aborts work on files that were cancelled, removed, or replaced since. */
  async function verifyBusy(): Promise<void> {
    const wanted = async (id: string) => {
      const file = await getFile(db, id);
      return file?.queue !== undefined && file.deletedAt === undefined ? file : undefined;
    };
    const current = reading;
    if (current && !(await wanted(current.fileId))) current.abort.abort();
    for (const job of [...jobs]) {
      const file = await wanted(job.fileId);
      if (file?.growing?.id !== job.generationId) job.abort();
    }
    changed.notify();
  }

  return {
    run,
    check() {
      // A database that cannot be read shows itself to the work that is under way.
      verifyBusy().catch(() => changed.notify());
    },
    get active() {
      const active: Status['active'] = [];
      if (reading) active.push({ fileId: reading.fileId, stage: 'reading', done: 0, chunks: 0 });
      for (const { fileId, done, chunks } of begun) active.push({ fileId, stage: 'embedding', done, chunks });
      return active;
    },
  };
}

/** An engine's refusal of one text, with the chunk it was. */
class ChunkFailure extends Error {
  readonly ordinal: number;
  constructor(cause: unknown, ordinal: number) {
    super('chunk', { cause });
    this.ordinal = ordinal;
  }
}

function blame(error: unknown, job: Job): Failure {
  if (!(error instanceof ChunkFailure)) return toFailure(error);
  const page = job.pageOf(error.ordinal);
  const place = `chunk ${error.ordinal + 1} of ${job.chunks}${page > 0 ? `, page ${page}` : ''}`;
  const { code, message } = toFailure(error.cause);
  return { code, message: `${message} It was ${place}.` };
}

function toFailure(error: unknown): Failure {
  const { code, message } = toVecdropError(
    error,
    'internal',
    'Something unexpected went wrong with this file. Retry it.',
  );
  return { code, message, ...(code === 'internal' ? { detail: String(error) } : {}) };
}

function tooManyDeaths(growing: Generation | undefined): Failure {
  if (!growing) {
    return {
      code: 'worker/died',
      message:
        'Reading this file stopped Vecdrop three times. It is set aside; the others go on. Retry it if you changed something.',
    };
  }
  return {
    code: 'chunk/rejected',
    message: `Embedding this file stopped Vecdrop three times at chunk ${growing.done + 1} of ${growing.chunks}. What came before it is kept; Retry goes on from there.`,
  };
}

/** Errors that no other file would escape. */
function stopsQueue(error: unknown): boolean {
  const code = errorCode(error);
  return /^(storage|model|host)\//.test(code) || code === 'engine/failed' || code === 'worker/start';
}
