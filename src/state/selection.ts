/** Which rows are chosen. `active` is where the keys move from and what the right pane shows. */
export interface Selection {
  ids: ReadonlySet<string>;
  active?: string;
  /** The fixed end of a Shift range. */
  anchor?: string;
}

export const nothingSelected: Selection = { ids: new Set() };

export function selectOne(id: string): Selection {
  return { ids: new Set([id]), active: id, anchor: id };
}

/** From the anchor to `id`, both ends included. */
export function selectRange(selection: Selection, order: readonly string[], id: string): Selection {
  const from = order.indexOf(selection.anchor ?? id);
  const to = order.indexOf(id);
  if (from < 0 || to < 0) return selectOne(id);
  const ids = new Set(order.slice(Math.min(from, to), Math.max(from, to) + 1));
  return { ids, active: id, anchor: selection.anchor ?? id };
}

export function toggleOne(selection: Selection, id: string): Selection {
  const ids = new Set(selection.ids);
  if (!ids.delete(id)) ids.add(id);
  return { ids, active: id, anchor: id };
}

/** What keys do to a list: the index to go to, or undefined where the key is none of the list's. */
export function indexAfterKey(key: string, index: number, length: number, page: number): number | undefined {
  if (length === 0) return undefined;
  const last = length - 1;
  const clamp = (to: number) => Math.min(last, Math.max(0, to));
  switch (key) {
    case 'ArrowDown':
      return clamp(index + 1);
    case 'ArrowUp':
      return index < 0 ? last : clamp(index - 1);
    case 'PageDown':
      return clamp(Math.max(index, 0) + page);
    case 'PageUp':
      return clamp(index - page);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return undefined;
  }
}

/** The row to stand on when `gone` leave the list: the next one that stays, else the one before. */
export function neighbourOf(order: readonly string[], gone: ReadonlySet<string>): string | undefined {
  let last = -1;
  order.forEach((id, index) => {
    if (gone.has(id)) last = index;
  });
  if (last < 0) return undefined;
  return (
    order.slice(last + 1).find(id => !gone.has(id)) ?? order.slice(0, last).findLast(id => !gone.has(id))
  );
}
