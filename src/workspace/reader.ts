import type { Remote } from 'comlink';
import type { SentenceTurns, Span } from '../chunk/strategy.ts';
import type { ChunkColumns } from '../domain/chunk.ts';
import { VecdropError } from '../domain/errors.ts';
import type { ModelInfo, TokenizerSpec } from '../domain/model.ts';
import type { Recipe } from '../domain/recipe.ts';
import { hostWorker, type WorkerHost } from '../rpc/host.ts';
import type { DocumentParts, IngestService, ReadResult } from './ingest-service.ts';

/** Reads and chunks in a worker of its own; killed when it hangs or is no longer wanted, and started again by need. */
export interface Reader {
  read(
    blob: Blob,
    path: string,
    recipe: Recipe,
    model: ReaderModel,
    signal: AbortSignal,
  ): Promise<ReadResult>;
  rechunk(
    text: KnownText,
    recipe: Recipe,
    model: ReaderModel,
    signal: AbortSignal,
    turns?: SentenceTurns,
  ): Promise<ChunkColumns>;
  /** The sentences of a text, of whose vectors the turns for `rechunk` are made. */
  sentences(
    text: KnownText,
    documentPrefix: string,
    model: ReaderModel,
    signal: AbortSignal,
  ): Promise<Span[]>;
  close(): void;
}

/** A text that was read before. What it holds is asked for only where the worker has it not from the last time. */
export interface KnownText {
  /** Names the text, which never changes under that name. */
  id: string;
  /** UTF-16 units. */
  length: number;
  parts(): Promise<DocumentParts>;
}

export interface ReaderModel {
  info: ModelInfo;
  tokenizer: TokenizerSpec;
}

/** A worker's time to start and to take a vocabulary: a slow machine must not cost a file. */
const OPEN_MS = 120_000;
/** A parser's time: a minute, and three seconds for every megabyte. */
const deadline = (bytes: number) => 60_000 + bytes * 0.003;
/** After an abort the worker may finish what it is in this long, before it is killed. */
const GRACE_MS = 400;

export function createReader(
  startWorker: () => Worker = () =>
    new Worker(new URL('./ingest.worker.ts', import.meta.url), { type: 'module', name: 'vecdrop-ingest' }),
): Reader {
  let host: WorkerHost<IngestService> | undefined;
  let opened: string | undefined;
  let turn: Promise<unknown> = Promise.resolve();

  /** One call at a time: the worker has one thread, and a kill must not take a neighbour along. */
  function inTurn<R>(
    model: ReaderModel,
    bytes: number,
    signal: AbortSignal,
    use: (remote: Remote<IngestService>) => Promise<R>,
  ): Promise<R> {
    const before = turn;
    let free = () => {};
    turn = new Promise<void>(resolve => {
      free = resolve;
    });
    return (async () => {
      await before;
      let settled: Promise<unknown> | undefined;
      try {
        signal.throwIfAborted();
        if (!host?.alive) {
          host = hostWorker<IngestService>('file reader', startWorker);
          opened = undefined;
        }
        const { info, tokenizer } = model;
        if (opened !== info.id) {
          await host.call(signal, OPEN_MS, remote => remote.open(tokenizer, info.contextLength));
          opened = info.id;
        }
        return await host.call(signal, deadline(bytes), remote => {
          const answer = use(remote);
          settled = answer.catch(() => {});
          return answer;
        });
      } catch (error) {
        // A file's own error leaves the worker sound; an abort or a deadline may leave it inside a loop.
        if (signal.aborted)
          await Promise.race([settled, new Promise(wake => setTimeout(wake, GRACE_MS, 'late'))]).then(
            late => late === 'late' && host?.terminate(),
          );
        else if (error instanceof Error && error.name === 'worker/timeout') host?.terminate();
        throw error;
      } finally {
        free();
      }
    })();
  }

  /** Asks about a text, with its parts where the worker does not hold it. */
  function ofText<R>(
    text: KnownText,
    model: ReaderModel,
    signal: AbortSignal,
    ask: (remote: Remote<IngestService>, parts?: DocumentParts) => Promise<R | undefined>,
  ): Promise<R> {
    return inTurn(model, text.length, signal, async remote => {
      const held = await ask(remote);
      if (held) return held;
      const parts = await text.parts();
      signal.throwIfAborted();
      const answer = await ask(remote, parts);
      if (!answer) throw new VecdropError('internal', 'The reader lost a text that it was given. Try again.');
      return answer;
    });
  }

  return {
    read: (blob, path, recipe, model, signal) =>
      inTurn(model, blob.size, signal, remote => remote.read(blob, path, recipe)),
    rechunk: (text, recipe, model, signal, turns) =>
      ofText(text, model, signal, (remote, parts) => remote.rechunk(text.id, recipe, turns, parts)),
    sentences: (text, documentPrefix, model, signal) =>
      ofText(text, model, signal, (remote, parts) => remote.sentences(text.id, documentPrefix, parts)),
    close: () => host?.terminate(),
  };
}
