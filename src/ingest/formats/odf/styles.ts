import { attribute, descendants, type Element, isElement } from '../../markup.ts';

export type StyleKind = 'text' | 'title' | 'code' | 'quote' | 'contents';

/** What a paragraph style's name, or one that it comes from, says. */
export type Styles = (name: string | undefined) => StyleKind;

export function styleNames(roots: readonly (Element | undefined)[]): Styles {
  const parents = new Map<string, string | undefined>();
  for (const root of roots) {
    if (!root) continue;
    for (const element of descendants(root)) {
      const name = element.name === 'style' ? attribute(element, 'name') : undefined;
      if (name !== undefined) parents.set(name, attribute(element, 'parent-style-name'));
    }
  }
  const kindOf = (name: string | undefined, seen: number): StyleKind => {
    if (name === undefined || seen > 20) return 'text';
    const words = name.replace(/_([0-9a-f]{2})_/g, (_, code) =>
      String.fromCharCode(Number.parseInt(code, 16)),
    );
    if (/^title$/i.test(words)) return 'title';
    if (/preformatted|source.?code|code.?block/i.test(words)) return 'code';
    if (/quotation|^quote/i.test(words)) return 'quote';
    if (/^contents|^index/i.test(words)) return 'contents';
    return kindOf(parents.get(name), seen + 1);
  };
  return name => kindOf(name, 0);
}

/** By the name of a list style: whether each depth is numbered. */
export function listKinds(roots: readonly (Element | undefined)[]): Map<string, boolean[]> {
  const kinds = new Map<string, boolean[]>();
  for (const root of roots) {
    if (!root) continue;
    for (const element of descendants(root)) {
      const name = element.name === 'list-style' ? attribute(element, 'name') : undefined;
      if (name === undefined) continue;
      const levels = element.children.filter(isElement);
      kinds.set(
        name,
        levels.map(
          level => level.name === 'list-level-style-number' && attribute(level, 'num-format') !== '',
        ),
      );
    }
  }
  return kinds;
}

export function listKind(
  kinds: ReadonlyMap<string, readonly boolean[]>,
  style: string | undefined,
  depth: number,
): 'bullet' | 'number' {
  return style !== undefined && kinds.get(style)?.[depth] ? 'number' : 'bullet';
}
