import { beforeEach, expect, it } from 'vitest';
import type { ChunkColumns } from '../../domain/chunk.ts';
import type { AddProgress, Preview } from '../../workspace/api.ts';
import { createPreviews, type PreviewState, type Previews } from './previews.ts';

interface Asked {
  key: string;
  most: number;
  signal: AbortSignal;
  progress: (progress: AddProgress) => void;
  answer: (preview: Preview) => Promise<void>;
}

let asked: Asked[];
let state: PreviewState;
let previews: Previews;
beforeEach(() => {
  asked = [];
  previews = createPreviews(next => {
    state = next;
  });
});

/** A question of the group before the dot. */
const want = (key: string) =>
  previews.want({
    key,
    group: key.split('.')[0] ?? '',
    ask: (most, signal, progress) =>
      new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
        const answer = async (preview: Preview) => resolve(preview);
        asked.push({ key, most, signal, progress, answer });
      }),
  });

const chunks = (count: number) => ({ chunks: { count } as ChunkColumns });
const keys = () => asked.map(({ key }) => key);

it('asks at once, then for the last of what came meanwhile', async () => {
  for (const key of ['a.1', 'a.2', 'a.3']) want(key);
  expect(keys()).toEqual(['a.1']);
  await asked[0]?.answer(chunks(1));
  expect(keys()).toEqual(['a.1', 'a.3']);
  expect(state).toMatchObject({ ...chunks(1), pending: true });
  await asked[1]?.answer(chunks(3));
  expect(state).toEqual({ ...chunks(3), pending: false });
});

it('lets go of a question when another strategy or file is looked at', async () => {
  want('a.1');
  want('b.1');
  expect(asked[0]?.signal.aborted).toBe(true);
  await asked[0]?.answer(chunks(9));
  expect(state).toEqual({ pending: true });
  await asked[1]?.answer(chunks(2));
  expect(state).toEqual({ ...chunks(2), pending: false });
  previews.want(undefined);
  expect(state).toEqual({ pending: false });
});

it('embeds many sentences only when told to, and says how far it is', async () => {
  want('a.1');
  expect(asked[0]?.most).toBeLessThan(1000);
  await asked[0]?.answer({ sentences: 1310, seconds: 8 });
  expect(state).toEqual({ toEmbed: { sentences: 1310, seconds: 8 }, pending: false });
  previews.embed();
  expect(asked[1]?.most).toBe(Number.POSITIVE_INFINITY);
  asked[1]?.progress({ done: 412, total: 1310 });
  expect(state).toEqual({ embedding: { done: 412, total: 1310 }, pending: true });
  want('a.2');
  expect(asked[1]?.signal.aborted).toBe(false);
  await asked[1]?.answer(chunks(5));
  await asked[2]?.answer(chunks(6));
  expect(state).toEqual({ ...chunks(6), pending: false });
});

it('says anew what is left when embedding is cancelled, and asks again before it goes on', async () => {
  want('a.1');
  await asked[0]?.answer({ sentences: 1310 });
  previews.embed();
  previews.cancel();
  expect(asked[1]?.signal.aborted).toBe(true);
  expect(asked[2]?.most).toBeLessThan(1000);
  await asked[2]?.answer({ sentences: 900 });
  expect(state).toEqual({ toEmbed: { sentences: 900 }, pending: false });
});

it('shows why there is no answer, beside the last one', async () => {
  want('a.1');
  await asked[0]?.answer(chunks(1));
  previews.want({ key: 'a.2', group: 'a', ask: () => Promise.reject(new Error('The size is too small.')) });
  await new Promise(resolve => setTimeout(resolve));
  expect(state).toEqual({ ...chunks(1), error: 'The size is too small.', pending: false });
});
