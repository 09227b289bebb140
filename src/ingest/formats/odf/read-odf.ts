import { DocumentWriter } from '../../document-writer.ts';
import type { Parsed, Source } from '../../format.ts';
import { broken, encrypted } from '../../limits.ts';
import {
  attribute,
  child,
  childrenOf,
  descendants,
  type Element,
  find,
  isElement,
  parseMarkup,
  textOf,
} from '../../markup.ts';
import { RecordWriter } from '../../record-writer.ts';
import { tableText } from '../../table-text.ts';
import { XmlPackage } from '../ooxml/package.ts';
import { listKind, listKinds, type Styles, styleNames } from './styles.ts';

const KIND = 'an OpenDocument file';
const SKIPPED = new Set([
  'tracked-changes',
  'table-of-content',
  'sequence-decls',
  'forms',
  'annotation',
  'page-number',
  'bibliography-configuration',
]);
/** Cells repeat to the sheet's edge: what is repeated and blank is not there. */
const MAX_REPEATED = 1000;

/** An OpenDocument text, spreadsheet or presentation (ODF 1.3), in a zip or as one XML. */
export function readOdf({ bytes }: Source): Parsed {
  const flat = bytes[0] === 0x3c ? parseMarkup(new TextDecoder().decode(bytes), 'xml') : undefined;
  const parts = flat ? undefined : new XmlPackage(bytes);
  const manifest = parts?.xml('META-INF/manifest.xml');
  if (manifest && find(manifest, 'encryption-data')) throw encrypted(KIND);
  const content = flat ?? parts?.xml('content.xml');
  const body = content && child(content.children.filter(isElement)[0], 'body');
  const [kind] = body?.children.filter(isElement) ?? [];
  if (!content || !kind) throw broken(KIND);
  const others = flat ?? parts?.xml('styles.xml');
  const reader = new OdfReader(
    new DocumentWriter(),
    styleNames([content, others]),
    listKinds([content, others]),
  );
  if (kind.name === 'spreadsheet') reader.sheets(kind);
  else if (kind.name === 'presentation') reader.slides(kind);
  else reader.blocks(kind);
  reader.end();
  const meta = flat ?? parts?.xml('meta.xml');
  const words = (name: string) => {
    const element = meta && find(meta, name);
    return element && textOf(element);
  };
  return reader.writer.finish({ title: words('title') || reader.title, language: words('language') });
}

class OdfReader {
  title: string | undefined;
  readonly writer: DocumentWriter;
  readonly #styles: Styles;
  readonly #lists: ReadonlyMap<string, readonly boolean[]>;
  readonly #notes: string[] = [];
  #open: { kind: 'code' | 'quote'; lines: string[] } | undefined;
  #numbers: number[] = [];

  constructor(writer: DocumentWriter, styles: Styles, lists: ReadonlyMap<string, readonly boolean[]>) {
    this.writer = writer;
    this.#styles = styles;
    this.#lists = lists;
  }

  blocks(parent: Element): void {
    for (const node of parent.children) {
      if (!isElement(node) || SKIPPED.has(node.name)) continue;
      if (node.name === 'h') this.#heading(node);
      else if (node.name === 'p') this.#paragraph(node);
      else {
        this.#flush();
        if (node.name === 'list') this.writer.add('list', this.#list(node, 0, undefined).join('\n'));
        else if (node.name === 'table') this.#table(node);
        else this.blocks(node);
      }
    }
  }

  slides(presentation: Element): void {
    for (const [i, page] of childrenOf(presentation, 'page').entries()) {
      this.writer.page = i + 1;
      for (const frame of page.children.filter(isElement)) {
        if (frame.name === 'notes') continue;
        const isTitle = attribute(frame, 'class') === 'title';
        if (isTitle) this.writer.heading(1, this.#paragraphs(frame).join(' '));
        else this.blocks(frame);
        this.#flush();
      }
      const notes = child(page, 'notes');
      if (notes) this.writer.add('paragraph', this.#paragraphs(notes).join('\n'));
    }
  }

  sheets(spreadsheet: Element): void {
    const sheets = childrenOf(spreadsheet, 'table');
    for (const sheet of sheets) {
      if (sheets.length > 1) this.writer.heading(1, attribute(sheet, 'name') ?? '');
      const records = new RecordWriter(this.writer);
      for (const row of this.#rows(sheet)) if (row.some(value => value !== '')) records.add(row);
      records.end();
    }
  }

  end(): void {
    this.#flush();
    this.writer.page = undefined;
    for (const [i, note] of this.#notes.entries()) this.writer.add('paragraph', `[${i + 1}] ${note}`);
  }

  #heading(node: Element): void {
    this.#flush();
    this.writer.heading(Number(attribute(node, 'outline-level') ?? '1') || 1, this.#text(node));
  }

  #paragraph(node: Element): void {
    const style = this.#styles(attribute(node, 'style-name'));
    const text = this.#text(node);
    if (style === 'title') {
      this.#flush();
      this.title ??= text;
      this.writer.heading(1, text);
    } else if (style === 'code' || (style === 'quote' && text.trim() !== '')) {
      if (this.#open?.kind !== style) this.#flush();
      this.#open ??= { kind: style, lines: [] };
      this.#open.lines.push(text);
    } else if (style !== 'contents' && text.trim() !== '') {
      this.#flush();
      this.writer.add('paragraph', text);
    }
    for (const box of descendants(node)) if (box.name === 'text-box') this.blocks(box);
  }

  #flush(): void {
    const open = this.#open;
    this.#open = undefined;
    if (open) this.writer.add(open.kind, open.lines.join(open.kind === 'quote' ? '\n\n' : '\n'));
  }

  #list(list: Element, depth: number, inherited: string | undefined): string[] {
    const style = attribute(list, 'style-name') ?? inherited;
    const isNumbered = listKind(this.#lists, style, depth) === 'number';
    const goesOn =
      attribute(list, 'continue-numbering') === 'true' || attribute(list, 'continue-list') !== undefined;
    if (!goesOn) this.#numbers[depth] = 0;
    const lines: string[] = [];
    for (const item of list.children.filter(isElement)) {
      const start = attribute(item, 'start-value');
      if (start !== undefined) this.#numbers[depth] = Number(start) - 1;
      const own: string[] = [];
      const inner: string[] = [];
      for (const node of item.children.filter(isElement)) {
        if (node.name === 'list') inner.push(...this.#list(node, depth + 1, style));
        else if (node.name === 'p' || node.name === 'h') own.push(...this.#text(node).trim().split('\n'));
      }
      const texts = own.filter(text => text !== '');
      const indent = '  '.repeat(depth);
      if (texts.length > 0) {
        this.#numbers[depth] = (this.#numbers[depth] ?? 0) + 1;
        const mark = item.name === 'list-header' ? '' : isNumbered ? `${this.#numbers[depth]}. ` : '- ';
        lines.push(indent + mark + texts[0], ...texts.slice(1).map(text => `${indent}  ${text}`));
      }
      lines.push(...inner);
    }
    return lines;
  }

  #table(table: Element): void {
    const rows = this.#rows(table).filter(row => row.some(cell => cell !== ''));
    const [first] = rows;
    if (rows.length === 1 && first?.length === 1) this.writer.add('paragraph', first[0] as string);
    else if (first) this.writer.add('table', tableText(rows));
  }

  #rows(table: Element): string[][] {
    const rows: string[][] = [];
    const visit = (parent: Element) => {
      for (const node of parent.children.filter(isElement)) {
        if (node.name !== 'table-row') {
          if (/^table-(header-rows|rows|row-group)$/.test(node.name)) visit(node);
          continue;
        }
        const row: string[] = [];
        for (const cell of node.children.filter(isElement)) {
          if (cell.name !== 'table-cell' && cell.name !== 'covered-table-cell') continue;
          const text = this.#paragraphs(cell).join('\n');
          const times = Number(attribute(cell, 'number-columns-repeated') ?? '1');
          for (let i = 0; i < Math.min(times, MAX_REPEATED); i++) row.push(text);
        }
        while (row.at(-1) === '') row.pop();
        const times = row.length === 0 ? 1 : Number(attribute(node, 'number-rows-repeated') ?? '1');
        for (let i = 0; i < Math.min(times, MAX_REPEATED); i++) rows.push(row);
      }
    };
    visit(table);
    return rows;
  }

  #paragraphs(parent: Element): string[] {
    const texts: string[] = [];
    for (const node of parent.children.filter(isElement)) {
      if (node.name === 'p' || node.name === 'h') texts.push(this.#text(node).trim());
      else if (!SKIPPED.has(node.name)) texts.push(...this.#paragraphs(node));
    }
    return texts.filter(text => text !== '');
  }

  #text(node: Element): string {
    let text = '';
    for (const inner of node.children) {
      if (!isElement(inner)) text += inner.replace(/\s+/g, ' ');
      else if (inner.name === 's') text += ' '.repeat(Math.min(200, Number(attribute(inner, 'c') ?? '1')));
      else if (inner.name === 'tab') text += '\t';
      else if (inner.name === 'line-break') text += '\n';
      else if (inner.name === 'note') text += this.#note(inner);
      else if (inner.name === 'frame') text += textOf(child(inner, 'desc') ?? '').trim();
      else if (!SKIPPED.has(inner.name) && inner.name !== 'text-box') text += this.#text(inner);
    }
    return text;
  }

  #note(note: Element): string {
    const body = child(note, 'note-body');
    if (!body) return '';
    const index = this.#notes.push('');
    this.#notes[index - 1] = this.#paragraphs(body).join('\n');
    return `[${index}]`;
  }
}
