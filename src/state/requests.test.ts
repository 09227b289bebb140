import { expect, test } from 'vitest';
import type { WorkspaceEvent } from '../workspace/api.ts';
import { createRequests, MOST_REQUESTS } from './requests.ts';

function connected() {
  let emit: (event: WorkspaceEvent) => void = () => {};
  const requests = createRequests({
    subscribe(listener) {
      emit = listener;
      return () => true;
    },
  });
  const answered = (path: string) =>
    emit({ type: 'request', request: { at: 0, method: 'GET', path, status: 200, tokens: 0, ms: 1 } });
  return { requests, answered, emit: (event: WorkspaceEvent) => emit(event) };
}

const paths = ({ store }: ReturnType<typeof createRequests>) => store.getState().log.map(({ path }) => path);

test('newest first, the oldest make room, and nothing but requests is kept', () => {
  const { requests, answered, emit } = connected();
  for (let i = 0; i < MOST_REQUESTS + 5; i++) answered(`/v1/${i}`);
  emit({ type: 'changed', revision: 1 });
  expect(paths(requests)).toHaveLength(MOST_REQUESTS);
  expect(paths(requests)[0]).toBe(`/v1/${MOST_REQUESTS + 4}`);
  expect(paths(requests).at(-1)).toBe('/v1/5');
});

test('cleared, it goes on with keys that were never used before', () => {
  const { requests, answered } = connected();
  answered('/v1/models');
  const [before] = requests.store.getState().log;
  requests.clear();
  expect(paths(requests)).toEqual([]);
  answered('/v1/info');
  expect(paths(requests)).toEqual(['/v1/info']);
  expect(requests.store.getState().log[0]?.key).not.toBe(before?.key);
});
