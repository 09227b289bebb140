import { expect, it } from 'vitest';
import { createTypedTargets } from './upsert-target.ts';

function storage(items = new Map<string, string>()) {
  return {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
  };
}

const typed = { address: 'http://localhost:6333', tenant: '', scopeDatabase: '', collection: 'papers' };

it('the last address is there for every collection, the name for the one that it was typed for', () => {
  const keeper = storage();
  createTypedTargets(keeper).keep('qdrant', 'c1', typed);
  const later = createTypedTargets(keeper);
  later.keep('chroma', 'c1', { ...typed, address: 'http://localhost:8000', tenant: 't' });
  expect(later.of('qdrant', 'c1')).toEqual(typed);
  const { collection: _, ...others } = typed;
  expect(later.of('qdrant', 'c2')).toEqual(others);
  expect(later.of('chroma', 'c1')).toMatchObject({ address: 'http://localhost:8000', tenant: 't' });
  later.clearAll();
  expect(later.of('qdrant', 'c1')).toBeUndefined();
});

it.each(['{', 'null', '{"qdrant":{"address":1}}', '{"qdrant":{"address":"a","tenant":"","names":null}}'])(
  'what is kept as %s is no address',
  kept => {
    const targets = createTypedTargets(storage(new Map([['vecdrop:databases', kept]])));
    expect(targets.of('qdrant', 'c1')).toBeUndefined();
  },
);

it('without storage it is forgotten', () => {
  const targets = createTypedTargets(null);
  targets.keep('qdrant', 'c1', typed);
  expect(targets.of('qdrant', 'c1')).toBeUndefined();
});
