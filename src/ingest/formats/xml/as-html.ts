import { descendants, type Element, isElement, type Node, textOf } from '../../markup.ts';

/**
 * What elements of DocBook, JATS, DITA, TEI and FictionBook are called in HTML. Those that are not here are part of
 * the text around them where there is one, and else only hold others.
 */
const NAMES: Record<string, string> = {
  para: 'p',
  simpara: 'p',
  formalpara: 'div',
  p: 'p',
  ab: 'p',
  v: 'p',
  subtitle: 'p',
  programlisting: 'pre',
  screen: 'pre',
  literallayout: 'pre',
  codeblock: 'pre',
  eg: 'pre',
  preformat: 'pre',
  itemizedlist: 'ul',
  simplelist: 'ul',
  ul: 'ul',
  list: 'ul',
  orderedlist: 'ol',
  procedure: 'ol',
  ol: 'ol',
  steps: 'ol',
  variablelist: 'dl',
  'def-list': 'dl',
  dl: 'dl',
  term: 'dt',
  listitem: 'li',
  'list-item': 'li',
  item: 'li',
  li: 'li',
  step: 'li',
  member: 'li',
  varlistentry: 'div',
  blockquote: 'blockquote',
  'disp-quote': 'blockquote',
  table: 'table',
  informaltable: 'table',
  thead: 'thead',
  tbody: 'tbody',
  tr: 'tr',
  row: 'tr',
  th: 'th',
  td: 'td',
  entry: 'td',
  cell: 'td',
  lb: 'br',
  br: 'br',
  sup: 'sup',
  sub: 'sub',
};
const TITLES = new Set(['title', 'head', 'article-title', 'book-title']);
const TABLES = new Set(['table', 'informaltable', 'table-wrap']);
const NOTES = new Set(['footnote', 'fn', 'note']);
/** Only there to hold what is in them: HTML knows no such level. */
const TRANSPARENT = new Set(['tgroup']);
/** Nothing to read: pictures in letters, widths of columns. */
const DROPPED = new Set(['binary', 'colspec', 'col', 'colgroup', 'spanspec']);
/** Quotes that are blocks in some of these languages, and in the line in others. */
const QUOTES = new Set(['quote', 'cite', 'epigraph']);
/** The share of letters in paragraphs from which on a file is text rather than data. */
const PROSE = 0.3;

/** Whether most of what a file says is said in paragraphs: elements named so, or with words around their elements. */
export function isProse(root: Element): boolean {
  let all = 0;
  let prose = 0;
  const visit = (element: Element, inside: boolean): void => {
    const isText = inside || hasText(element) || NAMES[element.name] === 'p' || NAMES[element.name] === 'pre';
    for (const node of element.children) {
      if (isElement(node)) visit(node, isText);
      else {
        const { length } = node.trim();
        all += length;
        if (isText) prose += length;
      }
    }
  };
  visit(root, false);
  return prose > all * PROSE;
}

/** Words of its own around elements. */
function hasText({ children }: Element): boolean {
  return children.some(isElement) && children.some(node => !isElement(node) && /\S/.test(node));
}

/** A text in one of these languages as HTML has it: headings by depth, notes at the end. */
export function asHtml(root: Element): Element {
  const notes: Element[] = [];
  const body = translate(root, { depth: 0, inText: false, inTable: false }, notes);
  const children: Node[] = [body, ...notes];
  return { name: 'body', attributes: {}, children };
}

interface Place {
  /** Titles that stand above. */
  depth: number;
  inText: boolean;
  inTable: boolean;
}

function translate(element: Element, place: Place, notes: Element[]): Element {
  const { name } = element;
  const inTable = place.inTable || TABLES.has(name);
  const inText = place.inText || NAMES[name] === 'p' || hasText(element);
  const isTitled = !inTable && element.children.some(node => isElement(node) && isTitle(node, element));
  const depth = place.depth + (isTitled ? 1 : 0);
  const children: Node[] = [];
  const inner = element.children.flatMap(node =>
    isElement(node) && TRANSPARENT.has(node.name) ? node.children : [node],
  );
  for (const node of inner) {
    if (!isElement(node)) children.push(node);
    else if (DROPPED.has(node.name)) continue;
    else if (NOTES.has(node.name) && inText) {
      const text = translate(node, { depth, inText: false, inTable: false }, notes);
      notes.push({ name: 'p', attributes: {}, children: [`[${notes.length + 1}] ${textOf(text).trim()}`] });
      children.push(`[${notes.length}]`);
    } else if (isTitle(node, element)) {
      const title = inTable ? (name.startsWith('table') ? 'caption' : 'p') : `h${Math.min(6, depth)}`;
      children.push({ ...translate(node, { depth, inText: true, inTable }, notes), name: title });
    } else children.push(translate(node, { depth, inText, inTable }, notes));
  }
  return { name: htmlName(element, place), attributes: {}, children };
}

function isTitle({ name }: Element, parent: Element): boolean {
  return TITLES.has(name) && !hasText(parent) && NAMES[parent.name] !== 'p';
}

function htmlName({ name, attributes, children }: Element, { inText }: Place): string {
  if (QUOTES.has(name)) return inText ? 'span' : 'blockquote';
  // Code within a line has the name of code by itself.
  if (name === 'code') return inText ? 'code' : 'pre';
  if (
    name === 'list' &&
    /^(order|ordered|number|alpha|roman)/.test(attributes['list-type'] ?? attributes.type ?? '')
  )
    return 'ol';
  if (name === 'list-item' || name === 'listitem') return 'li';
  const known = NAMES[name];
  if (known !== undefined) return known;
  return inText && !children.some(node => isElement(node) && isBlock(node)) ? 'span' : 'div';
}

function isBlock(element: Element): boolean {
  const isOwn = ({ name }: Element) =>
    NAMES[name] !== undefined && !/^(br|su[bp])$/.test(NAMES[name] as string);
  return isOwn(element) || [...descendants(element)].some(isOwn);
}
