import { DocumentWriter } from '../../document-writer.ts';
import type { Parsed } from '../../format.ts';
import { broken } from '../../limits.ts';
import { attribute, child, descendants, type Element, isElement, textOf } from '../../markup.ts';
import { tableText } from '../../table-text.ts';
import { XmlPackage } from '../ooxml/package.ts';
import { paragraphText } from './runs.ts';
import {
  type Numbering,
  numberingOf,
  type ParagraphKind,
  type ParagraphStyle,
  readNumbering,
  readStyles,
} from './styles.ts';

const KIND = 'a Word document';

/** A Word document: body in order, notes at the end as '[1] …'. Deleted text, headers and contents are left out. */
export function readDocx(bytes: Uint8Array): Parsed {
  const parts = new XmlPackage(bytes);
  const main = parts.main(KIND);
  const related = parts.relations(main);
  const part = (type: string) => {
    const found = related.find(relation => relation.type === type);
    return found && parts.xml(found.target);
  };
  const document = child(parts.xml(main), 'document');
  const body = child(document, 'body');
  if (!body) throw broken(KIND);
  const writer = new DocumentWriter();
  const reader = new BodyReader(writer, readStyles(part('styles')), readNumbering(part('numbering')));
  // Pages are known only where the program that saved the file has written down where they broke.
  if (hasPages(body)) writer.page = 1;
  reader.read(body);
  reader.end();
  writer.page = undefined;
  for (const type of ['footnotes', 'endnotes']) {
    for (const [mark, note] of reader.notes(child(part(type), type), type)) {
      writer.add('paragraph', `[${mark}] ${note}`);
    }
  }
  const { title, language } = parts.properties();
  return writer.finish({ title: title ?? reader.title, language });
}

function hasPages(body: Element): boolean {
  for (const { name } of descendants(body)) if (name === 'lastRenderedPageBreak') return true;
  return false;
}

class BodyReader {
  title: string | undefined;
  readonly #writer: DocumentWriter;
  readonly #styleOf: (id: string | undefined) => ParagraphStyle;
  readonly #numbering: Numbering;
  /** Paragraphs that make one block together: items, lines of code, of a quotation. */
  #open: { kind: ParagraphKind; lines: string[] } | undefined;
  /** By numbering and depth: the last number given. */
  readonly #counters = new Map<string, number[]>();
  /** By the type and id of a note: its mark, in the order of the references. */
  readonly #marks = new Map<string, number>();

  constructor(
    writer: DocumentWriter,
    styleOf: (id: string | undefined) => ParagraphStyle,
    numbering: Numbering,
  ) {
    this.#writer = writer;
    this.#styleOf = styleOf;
    this.#numbering = numbering;
  }

  read(parent: Element): void {
    for (const node of parent.children) {
      if (!isElement(node)) continue;
      if (node.name === 'p') this.#paragraph(node);
      else if (node.name === 'tbl') {
        this.end();
        this.#table(node);
      } else if (node.name === 'sdt') {
        if (!isContents(node)) this.read(child(node, 'sdtContent') ?? node);
      } else if (CONTAINERS.has(node.name)) this.read(node);
    }
  }

  /** Writes what is still being gathered. */
  end(): void {
    const open = this.#open;
    this.#open = undefined;
    if (!open) return;
    const kind = open.kind === 'quote' || open.kind === 'code' ? open.kind : 'list';
    this.#writer.add(kind, open.lines.join(open.kind === 'quote' ? '\n\n' : '\n'));
  }

  *notes(part: Element | undefined, type: string): Generator<[number, string]> {
    for (const note of part?.children.filter(isElement) ?? []) {
      const mark = this.#marks.get(`${type} ${attribute(note, 'id')}`);
      if (mark === undefined) continue;
      const texts = [...descendants(note)].filter(({ name }) => name === 'p').map(p => this.#text(p).trim());
      yield [mark, texts.filter(text => text !== '').join('\n')];
    }
  }

  #paragraph(paragraph: Element): void {
    const properties = child(paragraph, 'pPr');
    const style = this.#styleOf(attribute(child(properties, 'pStyle'), 'val'));
    if (style.kind === 'contents') return;
    const boxes: Element[] = [];
    const pagesBefore = this.#writer.page;
    const text = this.#text(paragraph, boxes);
    this.#write(text, properties, style);
    if (pagesBefore !== undefined) this.#writer.page = pagesBefore + pageBreaks(paragraph);
    for (const box of boxes) {
      this.end();
      this.read(box);
    }
  }

  #write(text: string, properties: Element | undefined, style: ParagraphStyle): void {
    const outline = attribute(child(properties, 'outlineLvl'), 'val');
    const level = outline !== undefined && Number(outline) < 9 ? Number(outline) + 1 : style.level;
    if (level !== undefined || style.kind === 'title') {
      this.end();
      if (style.kind === 'title') this.title ??= text;
      this.#writer.heading(level ?? 1, text);
      return;
    }
    const numbering = numberingOf(properties) ?? style.numbering;
    if (numbering && numbering.id !== '0' && text.trim() !== '') {
      this.#gather(
        'list',
        this.#mark(numbering) + text.trim().replaceAll('\n', `\n${'  '.repeat(numbering.depth + 1)}`),
      );
      return;
    }
    if (style.kind === 'code' || (style.kind === 'quote' && text.trim() !== '')) {
      this.#gather(style.kind, text);
      return;
    }
    if (text.trim() === '') return;
    // A paragraph that goes on with an item is indented as far, and no item itself.
    this.end();
    this.#writer.add('paragraph', text);
  }

  #gather(kind: ParagraphKind, text: string): void {
    if (this.#open?.kind !== kind) this.end();
    this.#open ??= { kind, lines: [] };
    this.#open.lines.push(text);
  }

  #mark({ id, depth }: { id: string; depth: number }): string {
    const indent = '  '.repeat(depth);
    const format = this.#numbering(id, depth);
    if (format !== 'number') return `${indent}${format === 'bullet' ? '- ' : ''}`;
    const counters = this.#counters.get(id) ?? [];
    this.#counters.set(id, counters);
    counters.length = depth + 1;
    counters[depth] = (counters[depth] ?? 0) + 1;
    return `${indent}${counters[depth]}. `;
  }

  #table(table: Element): void {
    const rows: string[][] = [];
    for (const row of rowsOf(table)) {
      const cells: string[] = [];
      for (const cell of cellsOf(row)) {
        const properties = child(cell, 'tcPr');
        const merge = child(properties, 'vMerge');
        const isContinued = merge !== undefined && attribute(merge, 'val') !== 'restart';
        // A value that spans rows stands in each: a row says it all.
        cells.push(isContinued ? (rows.at(-1)?.[cells.length] ?? '') : this.#cellText(cell));
        const span = Number(attribute(child(properties, 'gridSpan'), 'val') ?? '1');
        for (let i = 1; i < Math.min(span, 60); i++) cells.push('');
      }
      if (cells.some(cell => cell.trim() !== '')) rows.push(cells);
    }
    if (rows.length === 0) return;
    // One cell is a frame around a text, not a table.
    if (rows.length === 1 && rows[0]?.length === 1) this.#writer.add('paragraph', rows[0][0] as string);
    else this.#writer.add('table', tableText(rows));
  }

  #cellText(cell: Element): string {
    const texts: string[] = [];
    for (const { name, ...element } of descendants(cell)) {
      if (name === 'p') texts.push(this.#text({ name, ...element }).trim());
    }
    return texts.filter(text => text !== '').join('\n');
  }

  #text(paragraph: Element, boxes: Element[] = []): string {
    return paragraphText(paragraph, boxes, (type, id) => {
      const key = `${type} ${id}`;
      const mark = this.#marks.get(key) ?? this.#marks.size + 1;
      this.#marks.set(key, mark);
      return `[${mark}]`;
    });
  }
}

const CONTAINERS = new Set([
  'ins',
  'moveTo',
  'customXml',
  'smartTag',
  'sdtContent',
  'body',
  'txbxContent',
  'altChunk',
]);

/** Rows and cells may stand within content controls and tracked insertions. */
function unwrap(parent: Element, name: string): Element[] {
  return parent.children.filter(isElement).flatMap(node => {
    if (node.name === name) return [node];
    if (node.name === 'sdt') return unwrap(child(node, 'sdtContent') ?? node, name);
    return CONTAINERS.has(node.name) ? unwrap(node, name) : [];
  });
}

function rowsOf(table: Element): Element[] {
  return unwrap(table, 'tr').filter(row => !child(child(row, 'trPr'), 'del'));
}

function cellsOf(row: Element): Element[] {
  return unwrap(row, 'tc');
}

function pageBreaks(paragraph: Element): number {
  let count = 0;
  for (const { name } of descendants(paragraph)) if (name === 'lastRenderedPageBreak') count++;
  return count;
}

/** A table of contents: what it says stands in the headings. */
function isContents(control: Element): boolean {
  const gallery = child(child(child(control, 'sdtPr'), 'docPartObj'), 'docPartGallery');
  return attribute(gallery, 'val') === 'Table of Contents' || textOf(control).trim() === '';
}
