import type { CallLog } from '../domain/engine.ts';
import type { EmbedInput } from '../embed/embedder.ts';

const MOST = 1_000;

/** One call as it is handed to the log: with its texts, which are kept only where the person asked for them. */
export interface LoggedCall extends Omit<CallLog, 'texts' | 'tokens' | 'prompts'> {
  batch: readonly EmbedInput[];
}

export interface CallLogBook {
  add(call: LoggedCall, keepPrompts: boolean): void;
  /** Oldest first, at most 1,000. */
  list(): CallLog[];
}

/** The latest calls to engines, of this tab: in memory only, gone with it. */
export function createCallLog(emit: (call: CallLog) => void): CallLogBook {
  let calls: CallLog[] = [];
  return {
    add({ batch, ...call }, keepPrompts) {
      const logged: CallLog = {
        ...call,
        texts: batch.length,
        tokens: batch.reduce((sum, { ids }) => sum + ids.length, 0),
        ...(keepPrompts ? { prompts: batch.map(({ text }) => text) } : {}),
      };
      calls.push(logged);
      // Cut now and then: cutting at every call would move the whole list each time.
      if (calls.length >= MOST * 2) calls = calls.slice(-MOST);
      emit(logged);
    },
    list: () => calls.slice(-MOST),
  };
}
