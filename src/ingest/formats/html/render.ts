import type { DocumentWriter } from '../../document-writer.ts';
import { child, descendants, type Element, find, isElement, type Node, textOf } from '../../markup.ts';
import { tableText } from '../../table-text.ts';
import { isLayoutTable, tableRows } from './table.ts';

const DROPPED = new Set(
  'head script style template noscript iframe object embed canvas svg button select textarea datalist input audio video map'.split(
    ' ',
  ),
);
const INLINE = new Set(
  'a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark math nobr output q ruby rb rp rt rtc s samp small span strike strong sub sup time tt u var wbr img br input'.split(
    ' ',
  ),
);
const HEADING = /^h([1-6])$/;
const LISTS = new Set(['ul', 'ol', 'menu', 'dir', 'dl']);
const STRUCTURE = new Set(['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'table', 'ul', 'ol', 'pre']);

/** Writes an element's content block by block. */
export function renderHtml(root: Element, writer: DocumentWriter): void {
  let run = '';
  const flush = () => {
    writer.add('paragraph', finishInline(run));
    run = '';
  };
  const visit = (node: Node): void => {
    if (!isElement(node)) {
      run += node.replace(/[ \t\n\f\r]+/g, ' ');
      return;
    }
    if (isDropped(node)) return;
    if (INLINE.has(node.name)) {
      const block = [...descendants(node)].some(inner => !INLINE.has(inner.name) && !DROPPED.has(inner.name));
      if (block) node.children.forEach(visit);
      else run += inlineText(node);
      return;
    }
    flush();
    if (!writeBlock(node, writer)) {
      node.children.forEach(visit);
      flush();
    }
  };
  root.children.forEach(visit);
  flush();
}

/** Writes what is a block by itself; false for what only contains blocks. */
function writeBlock(element: Element, writer: DocumentWriter): boolean {
  const level = HEADING.exec(element.name)?.[1];
  if (level !== undefined) {
    writer.heading(Number(level), proseOf(element));
    return true;
  }
  switch (element.name) {
    case 'pre':
    case 'listing':
    case 'xmp':
      writer.add('code', preformatted(element));
      return true;
    case 'ul':
    case 'ol':
    case 'menu':
    case 'dir':
    case 'dl':
      if (hasAny(element, name => HEADING.test(name) || name === 'table')) return false;
      writer.add('list', listLines(element).join('\n'));
      return true;
    case 'table': {
      if (isLayoutTable(element)) return false;
      const caption = child(element, 'caption');
      if (caption) writer.add('paragraph', proseOf(caption));
      const rows = tableRows(element, proseOf);
      if (rows.length > 0) writer.add('table', tableText(rows));
      return true;
    }
    case 'blockquote':
      if (hasAny(element, name => STRUCTURE.has(name))) return false;
      writer.add('quote', itemLines(element, '\n\n').join('\n'));
      return true;
    default:
      return false;
  }
}

function hasAny(element: Element, test: (name: string) => boolean): boolean {
  for (const { name } of descendants(element)) if (test(name)) return true;
  return false;
}

/** Lines of a list and of the lists in it. */
function listLines(list: Element): string[] {
  const lines: string[] = [];
  let number = Number.parseInt(list.attributes.start ?? '1', 10) || 1;
  for (const item of list.children) {
    if (!isElement(item)) {
      if (item.trim() !== '') lines.push(item.trim());
      continue;
    }
    if (isDropped(item)) continue;
    if (LISTS.has(item.name)) {
      lines.push(...listLines(item).map(line => `  ${line}`));
      continue;
    }
    if (item.name === 'div') {
      lines.push(...listLines({ ...item, name: list.name }));
      continue;
    }
    const own = Number.parseInt(item.attributes.value ?? '', 10);
    if (!Number.isNaN(own)) number = own;
    const mark =
      item.name === 'dt' ? '' : item.name === 'dd' ? '  ' : list.name === 'ol' ? `${number++}. ` : '- ';
    const [first = '', ...rest] = itemLines(item);
    if (first === '' && rest.length === 0) continue;
    lines.push(mark + first, ...rest.map(line => (line === '' ? '' : `  ${line}`)));
  }
  return lines;
}

/** What an item or a quote holds, line by line; `gap` stands between its paragraphs. */
function itemLines(root: Element, gap = '\n'): string[] {
  const parts: string[] = [];
  let run = '';
  const flush = () => {
    const text = finishInline(run);
    if (text !== '') parts.push(text);
    run = '';
  };
  const visit = (node: Node): void => {
    if (!isElement(node)) run += node.replace(/[ \t\n\f\r]+/g, ' ');
    else if (node.name === 'input') run += inlineText(node);
    else if (isDropped(node)) return;
    else if (LISTS.has(node.name)) {
      flush();
      parts.push(listLines(node).join('\n'));
    } else if (node.name === 'pre') {
      flush();
      parts.push(preformatted(node));
    } else if (INLINE.has(node.name) && !hasAny(node, name => !INLINE.has(name) && !DROPPED.has(name))) {
      run += inlineText(node);
    } else {
      const block = !INLINE.has(node.name);
      if (block) flush();
      node.children.forEach(visit);
      if (block) flush();
    }
  };
  root.children.forEach(visit);
  flush();
  return parts.join(gap).split('\n');
}

/** An element's words on one run of lines, whatever blocks are in it. */
function proseOf(element: Element): string {
  return finishInline(element.children.map(inlineText).join(''));
}

function inlineText(node: Node): string {
  if (!isElement(node)) return node.replace(/[ \t\n\f\r]+/g, ' ');
  const { name, attributes } = node;
  if (name === 'br') return '\n';
  if (name === 'img') return attributes.alt?.trim() ? ` ${attributes.alt.trim()} ` : '';
  if (name === 'input') {
    if (attributes.type !== 'checkbox') return '';
    return attributes.checked === undefined ? '[ ] ' : '[x] ';
  }
  if (name === 'math') return mathText(node);
  if (isDropped(node) || isPermalink(node)) return '';
  const inner = node.children.map(inlineText).join('');
  if (isNoteReference(node)) return `[${inner.trim().replace(/^\[(.*)\]$/, '$1')}]`;
  return INLINE.has(name) ? inner : ` ${inner} `;
}

/** TeX where the page carries it, else the characters of the formula. */
function mathText(math: Element): string {
  for (const inner of descendants(math)) {
    if (inner.name === 'annotation' && /tex/i.test(inner.attributes.encoding ?? ''))
      return textOf(inner).trim();
  }
  const semantics = find(math, 'semantics');
  return textOf(semantics?.children.find(isElement) ?? math).replace(/\s+/g, ' ');
}

/** The '¶' or '#' that leads to the heading it stands in. */
function isPermalink({ name, attributes, children }: Element): boolean {
  if (name !== 'a' || !attributes.href?.includes('#')) return false;
  const text = children.map(textOf).join('').trim();
  return (
    /^(?:#|¶|§|↩|\ufe0e|🔗|↑|\^)*$/u.test(text) &&
    !children.some(node => isElement(node) && node.name === 'img')
  );
}

/** A raised link to a note of the same page. */
function isNoteReference({ name, attributes, children }: Element): boolean {
  if (name === 'a') {
    const isNote = attributes.role === 'doc-noteref' || attributes['epub:type'] === 'noteref';
    return isNote || (attributes.class ?? '').includes('footnote-ref');
  }
  const only = children.filter(node => isElement(node) || node.trim() !== '');
  const [link] = only;
  if (name !== 'sup' || only.length !== 1 || !link || !isElement(link) || link.name !== 'a') return false;
  return !isNoteReference(link) && link.attributes.href?.includes('#') === true;
}

function isDropped({ name, attributes }: Element): boolean {
  return (DROPPED.has(name) && attributes.type !== 'checkbox') || attributes['aria-hidden'] === 'true';
}

/** Lines as they stand; highlighters put each into elements of its own. */
function preformatted(element: Element): string {
  const text = (node: Node): string => {
    if (!isElement(node)) return node;
    return node.name === 'br' ? '\n' : node.children.map(text).join('');
  };
  return text(element).replace(/\r\n?/g, '\n').replace(/^\n/, '');
}

function finishInline(run: string): string {
  return run
    .replace(/ {2,}/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .trim();
}
