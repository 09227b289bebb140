import type { ChunkColumns } from '../../domain/chunk.ts';
import { isAbort } from '../../domain/errors.ts';
import type { AddProgress, Preview } from '../../workspace/api.ts';
import { sentence } from '../parts/format.ts';

/** Sentences that are embedded for a preview without being asked: a second or so. */
const FEW_SENTENCES = 200;

/** What is to be previewed. */
export interface PreviewQuestion {
  /** Another one is another answer. */
  key: string;
  /** What stays while a slider moves: work done for one answer serves the next. */
  group: string;
  ask(most: number, signal: AbortSignal, progress: (progress: AddProgress) => void): Promise<Preview>;
}

/** How far a preview is. While a new answer is on its way the old one stays. */
export interface PreviewState {
  chunks?: ChunkColumns;
  /** Why there is no answer, in a sentence. */
  error?: string;
  pending: boolean;
  /** Sentences to embed first, when a person says so. */
  toEmbed?: { sentences: number; seconds?: number };
  /** Sentences that are being embedded. */
  embedding?: AddProgress;
}

export interface Previews {
  /** The first question goes out at once; of those that come while it is under way the last one. */
  want(question: PreviewQuestion | undefined): void;
  /** Embeds what the preview needs. */
  embed(): void;
  /** Stops embedding; what is made is kept. */
  cancel(): void;
}

const NOTHING: PreviewState = { pending: false };

/**
 * Asks for previews one by one, so that chunks follow a slider as fast as they can be made. A question under way is let
 * go of when the next is of another group; within one it would end no sooner for that.
 */
export function createPreviews(onChange: (state: PreviewState) => void): Previews {
  let wanted: PreviewQuestion | undefined;
  let flight: { question: PreviewQuestion; controller: AbortController } | undefined;
  let mayEmbed = false;
  let state = NOTHING;

  function show(next: PreviewState): void {
    state = next;
    onChange(state);
  }

  /** The last answer goes on being shown, without what was said of the work. */
  const kept = () => (state.chunks ? { chunks: state.chunks } : {});

  function stop(): void {
    flight?.controller.abort();
    flight = undefined;
  }

  function send(): void {
    const question = wanted;
    if (!question) return;
    const mine = { question, controller: new AbortController() };
    flight = mine;
    show({ ...kept(), pending: true });
    const most = mayEmbed ? Number.POSITIVE_INFINITY : FEW_SENTENCES;
    const progress = (embedding: AddProgress) => {
      if (flight === mine) show({ ...state, embedding });
    };
    question.ask(most, mine.controller.signal, progress).then(
      answer => settle(mine, 'chunks' in answer ? { chunks: answer.chunks } : { toEmbed: answer }),
      error => isAbort(error) || settle(mine, { ...kept(), error: sentence(error) }),
    );
  }

  function settle(mine: typeof flight, answer: Omit<PreviewState, 'pending'>): void {
    if (flight !== mine) return;
    flight = undefined;
    const latest = wanted?.key === mine?.question.key;
    show({ ...answer, pending: !latest });
    if (!latest) send();
  }

  return {
    want(question) {
      const before = wanted;
      wanted = question;
      if (before?.group !== question?.group) {
        stop();
        mayEmbed = false;
      }
      if (!question) show(NOTHING);
      else if (!flight) send();
    },
    embed() {
      mayEmbed = true;
      stop();
      send();
    },
    cancel() {
      mayEmbed = false;
      stop();
      send();
    },
  };
}
