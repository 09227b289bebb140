import { describe, expect, it } from 'vitest';
import {
  indexAfterKey,
  neighbourOf,
  nothingSelected,
  selectOne,
  selectRange,
  toggleOne,
} from './selection.ts';

const order = ['a', 'b', 'c', 'd', 'e'];

describe('selection', () => {
  it('grows and shrinks a range from where it began', () => {
    const down = selectRange(selectOne('b'), order, 'd');
    expect([...down.ids]).toEqual(['b', 'c', 'd']);
    expect([...selectRange(down, order, 'a').ids]).toEqual(['a', 'b']);
  });

  it('toggles single rows', () => {
    const two = toggleOne(selectOne('a'), 'c');
    expect([...two.ids]).toEqual(['a', 'c']);
    expect([...toggleOne(two, 'a').ids]).toEqual(['c']);
  });

  it('stays inside the list whatever the key', () => {
    expect(indexAfterKey('ArrowDown', 4, 5, 3)).toBe(4);
    expect(indexAfterKey('PageUp', 1, 5, 3)).toBe(0);
    expect(indexAfterKey('ArrowDown', -1, 5, 3)).toBe(0);
    expect(indexAfterKey('End', 0, 0, 3)).toBeUndefined();
    expect(indexAfterKey('x', 0, 5, 3)).toBeUndefined();
  });

  it('stands on the next row that stays after a removal', () => {
    expect(neighbourOf(order, new Set(['b', 'c']))).toBe('d');
    expect(neighbourOf(order, new Set(['e', 'd']))).toBe('c');
    expect(neighbourOf(order, nothingSelected.ids)).toBeUndefined();
  });
});
