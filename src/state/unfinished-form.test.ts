import { expect, it } from 'vitest';
import { keepForm, takeForm } from './unfinished-form.ts';

function makeKeeper(): Storage {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  } as never;
}

const origin = 'https://cluster.example';

it('a form comes back once, with the host that the page was reloaded for', () => {
  const keeper = makeKeeper();
  const form = { way: 'endpoint', value: `${origin}/v1` } as const;
  keepForm(form, origin, keeper);
  expect(takeForm(keeper)).toEqual({ form, origin });
  expect(takeForm(keeper)).toBeUndefined();
});

it('chunks and files that were chosen for a database are those that go after the reload', () => {
  const keeper = makeKeeper();
  for (const chosen of [{ places: [{ fileId: 'a', ordinal: 3 }] }, { fileIds: ['a', 'b'] }, {}]) {
    const form = { way: 'database', value: 'qdrant', ...chosen } as const;
    keepForm(form, origin, keeper);
    expect(takeForm(keeper)).toEqual({ form, origin });
  }
});

it('what is no form is none', () => {
  const keeper = makeKeeper();
  for (const kept of ['', 'null', '[]', '{"form":{"way":"other","value":"x"},"origin":"y"}', '{"form":{}}']) {
    keeper.setItem('vecdrop:model-form', kept);
    expect(takeForm(keeper)).toBeUndefined();
  }
});
