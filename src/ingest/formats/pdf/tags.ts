import type { StructTreeContent, StructTreeNode } from 'pdfjs-dist/types/src/display/api.js';
import { type Line, toLines } from './lines.ts';
import type { Group } from './paragraphs.ts';
import type { Page, Segment } from './segments.ts';

/** What a page holds: text, or a table. */
export type Piece = Group | { kind: 'table'; rows: string[][]; lines: Line[] };

/** Structure that covers less of a page's letters than this was made by halves, and is not followed. */
const COVERED = 0.9;

const INLINE = new Set([
  'Span',
  'Link',
  'Quote',
  'Em',
  'Strong',
  'Reference',
  'Code',
  'Annot',
  'Ruby',
  'RB',
  'Warichu',
  'Sub',
  'NonStruct',
  'Lbl',
]);

/**
 * A page by its file's own structure (Tagged PDF, ISO 32000-1, 14.8): headings, paragraphs, lists and tables in their
 * logical order. Undefined where there is none, or none that says more than where paragraphs are.
 */
export function taggedPieces(page: Page, tree: StructTreeNode | null): Piece[] | undefined {
  if (!tree) return undefined;
  const reader = new TagReader(page);
  reader.children(tree, []);
  const letters = (segments: Iterable<Segment>) =>
    [...segments].reduce((sum, { text }) => sum + text.trim().length, 0);
  const all = letters(page.segments);
  if (all === 0 || letters(reader.used) < all * COVERED) return undefined;
  reader.addRest();
  return reader.pieces;
}

class TagReader {
  readonly pieces: Piece[] = [];
  readonly used = new Set<Segment>();
  readonly #page: Page;
  readonly #byMark = new Map<string, Segment[]>();

  constructor(page: Page) {
    this.#page = page;
    for (const segment of page.segments) {
      if (segment.mark === undefined) continue;
      const marked = this.#byMark.get(segment.mark);
      if (marked) marked.push(segment);
      else this.#byMark.set(segment.mark, [segment]);
    }
  }

  /** Blocks one by one; what stands between them without one of its own is a paragraph. */
  children(node: StructTreeNode, roles: readonly string[]): void {
    let run: (StructTreeNode | StructTreeContent)[] = [];
    const flush = () => {
      if (run.length > 0) this.#text('paragraph', run);
      run = [];
    };
    for (const child of node.children) {
      if (isContent(child) || (INLINE.has(child.role) && this.#isInline(child))) {
        run.push(child);
        continue;
      }
      flush();
      this.#block(child, [...roles, child.role]);
    }
    flush();
  }

  /** What the structure forgot, at the end. */
  addRest(): void {
    const rest = this.#page.segments.filter(segment => !this.used.has(segment));
    for (const line of toLines(this.#page, rest)) this.pieces.push({ kind: 'paragraph', lines: [line] });
  }

  #block(node: StructTreeNode, roles: readonly string[]): void {
    const { role } = node;
    const level = /^H([1-6])$/.exec(role)?.[1];
    if (level !== undefined || role === 'H' || role === 'Title') {
      this.#text('heading', [node], { level: Number(level ?? 1) });
    } else if (role === 'L') this.#list(node, roles);
    else if (role === 'Table') this.#table(node);
    else if (role === 'BlockQuote' && !hasBlocks(node)) this.#text('quote', [node]);
    else if (role === 'TOC' || role === 'TOCI') this.#drop(node);
    else if (this.#isInline(node)) this.#text('paragraph', [node]);
    else this.children(node, roles);
  }

  #isInline(node: StructTreeNode): boolean {
    return node.children.every(
      child => isContent(child) || (INLINE.has(child.role) && this.#isInline(child)),
    );
  }

  #list(list: StructTreeNode, roles: readonly string[]): void {
    const indent = '  '.repeat(roles.filter(role => role === 'L').length - 1);
    for (const item of list.children) {
      if (isContent(item)) this.#text('item', [item], { mark: `${indent}- ` });
      else if (item.role === 'L') this.#list(item, [...roles, 'L']);
      else {
        // The item's own words up to the first block within; lists and tables in it come after.
        const own: (StructTreeNode | StructTreeContent)[] = [];
        const inner: StructTreeNode[] = [];
        this.#split(item, own, inner);
        this.#item(own, indent);
        for (const node of inner) this.#block(node, [...roles, node.role]);
      }
    }
  }

  #split(node: StructTreeNode, own: (StructTreeNode | StructTreeContent)[], inner: StructTreeNode[]): void {
    for (const child of node.children) {
      if (isContent(child)) own.push(child);
      else if (child.role === 'L' || child.role === 'Table') inner.push(child);
      else if (this.#isInline(child)) own.push(child);
      else this.#split(child, own, inner);
    }
  }

  #item(nodes: readonly (StructTreeNode | StructTreeContent)[], indent: string): void {
    const lines = this.#lines(nodes);
    const [first] = lines;
    if (!first) return;
    const label = /^(?:\(?(\d{1,3}|[a-z])[.)]|[^\p{L}\p{N}\s"'„“«(])\s*/iu.exec(first.text);
    const mark = label?.[1] === undefined ? '- ' : `${label[1]}. `;
    if (label) first.text = first.text.slice(label[0].length);
    const kept = lines.filter(({ text }) => text !== '');
    if (kept.length > 0) this.pieces.push({ kind: 'item', lines: kept, mark: indent + mark });
  }

  #table(table: StructTreeNode): void {
    const rows: string[][] = [];
    const all: Line[] = [];
    const visit = (node: StructTreeNode) => {
      if (node.role === 'TR') {
        const row: string[] = [];
        for (const cell of node.children) {
          const lines = this.#lines([cell]);
          all.push(...lines);
          row.push(lines.map(line => line.text).join(' '));
        }
        if (row.some(text => text !== '')) rows.push(row);
        return;
      }
      if (node.role === 'Caption') {
        this.children(node, []);
        return;
      }
      for (const child of node.children) if (!isContent(child)) visit(child);
    };
    visit(table);
    if (all.length === 0) return;
    const columns = Math.max(...rows.map(row => row.length));
    if (columns > 1) this.pieces.push({ kind: 'table', rows, lines: all });
    else for (const line of all) this.pieces.push({ kind: 'paragraph', lines: [line] });
  }

  #text(
    kind: 'paragraph' | 'heading' | 'item' | 'quote',
    nodes: readonly (StructTreeNode | StructTreeContent)[],
    more: { level?: number; mark?: string } = {},
  ): void {
    const lines = this.#lines(nodes);
    if (lines.length === 0) return;
    const isCode = kind === 'paragraph' && lines.every(line => line.isMono);
    this.pieces.push({ kind: isCode ? 'code' : kind, lines, ...more });
  }

  #drop(node: StructTreeNode): void {
    this.#segments(node);
  }

  #lines(nodes: readonly (StructTreeNode | StructTreeContent)[]): Line[] {
    return toLines(
      this.#page,
      nodes.flatMap(node => this.#segments(node)),
    );
  }

  #segments(node: StructTreeNode | StructTreeContent): Segment[] {
    if (!isContent(node)) return node.children.flatMap(child => this.#segments(child));
    const segments = (this.#byMark.get(node.id) ?? []).filter(segment => !this.used.has(segment));
    for (const segment of segments) this.used.add(segment);
    return segments;
  }
}

/** Lists, tables or headings within. */
function hasBlocks(node: StructTreeNode): boolean {
  return node.children.some(
    child => !isContent(child) && (/^(L|Table|H\d?)$/.test(child.role) || hasBlocks(child)),
  );
}

function isContent(node: StructTreeNode | StructTreeContent): node is StructTreeContent {
  return !('children' in node);
}
