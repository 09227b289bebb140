import { DocumentWriter } from '../../document-writer.ts';
import type { Parsed } from '../../format.ts';
import { broken } from '../../limits.ts';
import {
  attribute,
  child,
  childrenOf,
  descendants,
  type Element,
  find,
  isElement,
  textOf,
} from '../../markup.ts';
import { tableText } from '../../table-text.ts';
import { XmlPackage } from '../ooxml/package.ts';

const KIND = 'a PowerPoint presentation';
/** Placeholders that say the same on each slide. */
const FURNITURE = new Set(['dt', 'ftr', 'sldNum', 'hdr', 'sldImg']);

/** Slides in the order of the presentation, each a page: title, texts, tables, then what its notes say. */
export function readPptx(bytes: Uint8Array): Parsed {
  const parts = new XmlPackage(bytes);
  const main = parts.main(KIND);
  const presentation = child(parts.xml(main), 'presentation');
  if (!presentation) throw broken(KIND);
  const targets = new Map(parts.relations(main).map(({ id, target }) => [id, target]));
  const writer = new DocumentWriter();
  let page = 0;
  for (const { attributes } of childrenOf(child(presentation, 'sldIdLst'), 'sldId')) {
    const path = targets.get(attributes['r:id'] ?? '');
    const slide = path === undefined ? undefined : child(parts.xml(path), 'sld');
    page++;
    if (!slide || path === undefined || slide.attributes.show === '0') continue;
    writer.page = page;
    writeShapes(find(slide, 'spTree'), writer);
    const notes = parts.relations(path).find(({ type }) => type === 'notesSlide');
    const sheet = notes && parts.xml(notes.target);
    const tree = sheet && find(sheet, 'spTree');
    for (const shape of childrenOf(tree, 'sp')) {
      if (!FURNITURE.has(placeholder(shape) ?? ''))
        writer.add(
          'paragraph',
          paragraphs(shape)
            .map(({ text }) => text)
            .join('\n'),
        );
    }
  }
  const { title, language } = parts.properties();
  const [first] = writer.blocks;
  const parsed = writer.finish({ title: title === 'PowerPoint Presentation' ? undefined : title, language });
  if (parsed.title || first?.kind !== 'heading') return parsed;
  return { ...parsed, title: parsed.text.slice(first.start, first.end) };
}

function writeShapes(tree: Element | undefined, writer: DocumentWriter): void {
  const shapes = tree?.children.filter(isElement) ?? [];
  // Titles are read first, wherever they lie.
  const ordered = [...shapes.filter(isTitle), ...shapes.filter(shape => !isTitle(shape))];
  for (const shape of ordered) {
    if (shape.name === 'grpSp') writeShapes(shape, writer);
    else if (shape.name === 'graphicFrame') writeFrame(shape, writer);
    else if (shape.name === 'pic') writer.add('paragraph', attribute(find(shape, 'cNvPr'), 'descr') ?? '');
    else if (shape.name === 'AlternateContent') writeShapes(child(shape, 'Choice'), writer);
    else if (shape.name === 'sp' && !FURNITURE.has(placeholder(shape) ?? '')) writeShape(shape, writer);
  }
}

function writeShape(shape: Element, writer: DocumentWriter): void {
  const all = paragraphs(shape);
  if (isTitle(shape)) {
    writer.heading(1, all.map(({ text }) => text).join(' '));
    return;
  }
  const kind = placeholder(shape);
  // The body of a slide is a list unless it says otherwise.
  const isList = kind === 'body' || kind === 'obj' || (kind === '' && all.length > 1);
  let items: string[] = [];
  let number: number[] = [];
  const flush = () => {
    writer.add('list', items.join('\n'));
    items = [];
    number = [];
  };
  for (const { text, depth, bullet } of all) {
    const mark = bullet ?? (isList ? 'bullet' : 'none');
    if (mark === 'none') {
      flush();
      writer.add('paragraph', text);
      continue;
    }
    number.length = depth + 1;
    number[depth] = (number[depth] ?? 0) + 1;
    items.push(`${'  '.repeat(depth)}${mark === 'number' ? `${number[depth]}. ` : '- '}${text}`);
  }
  flush();
}

interface Paragraph {
  text: string;
  depth: number;
  bullet: 'bullet' | 'number' | 'none' | undefined;
}

function paragraphs(shape: Element): Paragraph[] {
  return childrenOf(child(shape, 'txBody'), 'p')
    .map(paragraph => {
      const properties = child(paragraph, 'pPr');
      const depth = Math.min(8, Number(properties?.attributes.lvl ?? '0') || 0);
      const text = runs(paragraph).trim();
      return { text, depth, bullet: bulletOf(properties) };
    })
    .filter(({ text }) => text !== '');
}

function bulletOf(properties: Element | undefined): Paragraph['bullet'] {
  if (child(properties, 'buNone')) return 'none';
  if (child(properties, 'buAutoNum')) return 'number';
  return child(properties, 'buChar') ? 'bullet' : undefined;
}

function runs(paragraph: Element): string {
  let text = '';
  for (const node of paragraph.children.filter(isElement)) {
    if (node.name === 'br') text += '\n';
    else if (node.name === 'r' || node.name === 'fld') text += textOf(child(node, 't') ?? '');
    else if (node.name === 'm' || node.name === 'AlternateContent') {
      text += [...descendants(node)]
        .filter(({ name }) => name === 't')
        .map(textOf)
        .join('');
    }
  }
  return text;
}

function writeFrame(frame: Element, writer: DocumentWriter): void {
  const table = find(frame, 'tbl');
  if (table) {
    const cell = (element: Element) =>
      paragraphs(element)
        .map(({ text }) => text)
        .join('\n');
    writer.add('table', tableText(childrenOf(table, 'tr').map(row => childrenOf(row, 'tc').map(cell))));
  }
}

function isTitle(shape: Element): boolean {
  return /^(title|ctrTitle)$/.test(placeholder(shape) ?? '');
}

/** The type of the placeholder that a shape is: '' for one without a type, undefined for none. */
function placeholder(shape: Element): string | undefined {
  const own = shape.children.find((node): node is Element => isElement(node) && /^nv\w*Pr$/.test(node.name));
  const found = child(child(own, 'nvPr'), 'ph');
  return found && (found.attributes.type ?? '');
}
