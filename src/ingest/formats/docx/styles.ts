import { attribute, child, childrenOf, type Element } from '../../markup.ts';

export type ParagraphKind = 'text' | 'title' | 'code' | 'quote' | 'contents' | 'list';

/** What a paragraph's style says of it. */
export interface ParagraphStyle {
  kind: ParagraphKind;
  /** Of a heading: 1 to 6. */
  level?: number;
  /** The numbering that the style brings with it. */
  numbering?: { id: string; depth: number };
}

const PLAIN: ParagraphStyle = { kind: 'text' };

/** How items of a numbering are marked, by its id and depth. */
export type Numbering = (id: string, depth: number) => 'bullet' | 'number' | 'none';

/** Styles by id. A style's names are English in every language's Word; ids are not. */
export function readStyles(styles: Element | undefined): (id: string | undefined) => ParagraphStyle {
  const byId = new Map<string, Element>();
  for (const style of childrenOf(child(styles, 'styles'), 'style')) {
    const id = attribute(style, 'styleId');
    if (id !== undefined) byId.set(id, style);
  }
  const known = new Map<string, ParagraphStyle>();
  const resolve = (id: string, seen: number): ParagraphStyle => {
    const style = byId.get(id);
    if (!style || seen > 20) return PLAIN;
    const base = attribute(child(style, 'basedOn'), 'val');
    const inherited = base === undefined ? PLAIN : resolve(base, seen + 1);
    return { ...inherited, ...ownStyle(style) };
  };
  return id => {
    if (id === undefined) return PLAIN;
    let style = known.get(id);
    if (!style) {
      style = resolve(id, 0);
      known.set(id, style);
    }
    return style;
  };
}

function ownStyle(style: Element): Partial<ParagraphStyle> {
  const name = (attribute(child(style, 'name'), 'val') ?? '').toLowerCase();
  const properties = child(style, 'pPr');
  const own: Partial<ParagraphStyle> = {};
  const outline = Number(attribute(child(properties, 'outlineLvl'), 'val') ?? '9');
  const heading = /^heading ([1-9])$/.exec(name)?.[1];
  if (heading !== undefined) own.level = Number(heading);
  else if (outline < 9) own.level = outline + 1;
  if (name === 'title') own.kind = 'title';
  else if (/^toc \d|^table of figures|^index \d|^toc heading|^contents( heading| \d|$)/.test(name)) {
    own.kind = 'contents';
  } else if (/code|preformatted|verbatim|^html pre|^plain text|^macro$/.test(name)) own.kind = 'code';
  else if (/quote|quotation|^block text$/.test(name)) own.kind = 'quote';
  else if (/^(normal|body text|first paragraph|compact)$/.test(name)) own.kind = 'text';
  const numbering = numberingOf(properties);
  if (numbering) own.numbering = numbering;
  return own;
}

/** The numbering that paragraph properties name; id '0' takes one away. */
export function numberingOf(properties: Element | undefined): { id: string; depth: number } | undefined {
  const numbering = child(properties, 'numPr');
  const id = attribute(child(numbering, 'numId'), 'val');
  if (id === undefined) return undefined;
  return { id, depth: Math.min(8, Number(attribute(child(numbering, 'ilvl'), 'val') ?? '0') || 0) };
}

export function readNumbering(part: Element | undefined): Numbering {
  const root = child(part, 'numbering');
  const abstract = new Map(
    childrenOf(root, 'abstractNum').map(each => [attribute(each, 'abstractNumId'), each]),
  );
  const numbers = new Map(
    childrenOf(root, 'num').map(each => [
      attribute(each, 'numId'),
      abstract.get(attribute(child(each, 'abstractNumId'), 'val')),
    ]),
  );
  return (id, depth) => {
    const level = childrenOf(numbers.get(id), 'lvl').find(each => attribute(each, 'ilvl') === String(depth));
    const format = attribute(child(level, 'numFmt'), 'val');
    if (format === undefined || format === 'bullet') return 'bullet';
    return format === 'none' ? 'none' : 'number';
  };
}
