import { expect, it } from 'vitest';
import { recordIds } from './record-ids.ts';

it('ids are UUIDs, the same for the same place and different for others', async () => {
  const idOf = await recordIds('c1');
  const other = await recordIds('c2');
  const ids = [idOf('a.txt', 0), idOf('a.txt', 1), idOf('b.txt', 0), other('a.txt', 0), idOf('a.txt', 10)];
  for (const id of ids)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(new Set(ids).size).toBe(ids.length);
  expect((await recordIds('c1'))('a.txt', 1)).toBe(ids[1]);
});
