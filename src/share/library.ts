import type { ShareAbout } from '../domain/share.ts';
import { firstAbove } from '../domain/sorted.ts';
import { KeywordIndex } from '../search/bm25.ts';
import { VectorMatrix } from '../search/matrix.ts';
import type { Searched, SearchedPart } from '../workspace/search-part.ts';
import type { TextBlock } from './texts.ts';
import { readVectors } from './vectors.ts';

/** Bytes that the vectors may take: all of a WebAssembly memory, for nothing else is in this page. */
const BUDGET = 4e9;

/**
 * The collection of a shared page as far as it was read: record i of the export is row i. Texts stay bytes, half of
 * what strings may take, and are read when they are shown.
 */
export class Library implements Searched {
  readonly words = new KeywordIndex();
  matrix: VectorMatrix | undefined;
  readonly notice = undefined;
  private readonly about: ShareAbout;
  private readonly parts = new Map<string, SearchedPart>();
  /** In the order of their rows, which is that of the export. */
  private readonly ordered: SearchedPart[] = [];
  private readonly firsts: number[] = [];
  private readonly columns: Columns;
  private readonly blocks: { first: number; bytes: Uint8Array; ends: Uint32Array }[] = [];
  private readonly blockFirsts: number[] = [];
  private readonly headingPaths: string[][] = [];
  private vectorRows = 0;

  constructor(about: ShareAbout) {
    this.about = about;
    const column = () => new Uint32Array(about.records);
    this.columns = {
      starts: column(),
      ends: column(),
      pages: column(),
      headingOf: column(),
      firstLines: column(),
      lastLines: column(),
    };
  }

  /** Whether texts or vectors are still to come. */
  get behind(): boolean {
    const { records, meaning } = this.about;
    return this.words.count < records || (meaning !== undefined && this.vectorRows < records);
  }

  /** How many records have their texts, and how many their vectors. */
  get read(): { texts: number; vectors: number } {
    return { texts: this.words.count, vectors: this.vectorRows };
  }

  addTexts({ places, bytes }: TextBlock): void {
    const first = this.words.count;
    const headings = this.headingPaths.length;
    this.headingPaths.push(...places.headingPaths);
    const { starts, ends, pages, headingOf, firstLines, lastLines } = this.columns;
    starts.set(places.starts, first);
    ends.set(places.ends, first);
    pages.set(places.pages, first);
    firstLines.set(places.firstLines, first);
    lastLines.set(places.lastLines, first);
    headingOf.set(
      places.headingOf.map(index => index + headings),
      first,
    );
    let end = 0;
    const textEnds = Uint32Array.from(places.bytes, length => {
      end += length;
      return end;
    });
    this.blocks.push({ first, bytes, ends: textEnds });
    this.blockFirsts.push(first);
    let row = first;
    for (const [path, count] of places.runs) {
      this.extend(path, row, count);
      row += count;
    }
    for (let i = first; i < row; i++) this.words.set(i, this.text(i));
  }

  async addVectors(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const { meaning, recipe } = this.about;
    const vectors = readVectors(bytes, meaning?.precision ?? 'float32', recipe.dimensions);
    this.matrix ??= await VectorMatrix.create(recipe.dimensions, {
      budget: BUDGET,
      int8From: Number.POSITIVE_INFINITY,
    });
    this.matrix.set(this.vectorRows, vectors);
    this.vectorRows += vectors.length / recipe.dimensions;
  }

  files(): SearchedPart[] {
    return [...this.ordered];
  }

  partOf(path: string): SearchedPart | undefined {
    return this.parts.get(path);
  }

  partAt(row: number): SearchedPart | undefined {
    const part = this.ordered[firstAbove(this.firsts, row) - 1];
    return part && row < part.range.end ? part : undefined;
  }

  /** As they are embedded: the headings count where they are. */
  sameText(a: number, b: number): boolean {
    const [one, other] = [this.bytesOf(a), this.bytesOf(b)];
    if (one.length !== other.length || !one.every((byte, i) => byte === other[i])) return false;
    return !this.about.recipe.embedHeadings || this.headings(a).join('\n') === this.headings(b).join('\n');
  }

  /** The text of a row. */
  text(row: number): string {
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(this.bytesOf(row));
  }

  /** Texts of rows up to where they are wanted, as hits ask for them. */
  spans(wanted: readonly { row: number; start: number; end: number }[]): string[] {
    return wanted.map(({ row, start, end }) => this.text(row).slice(0, end - start));
  }

  private headings(row: number): string[] {
    return this.headingPaths[this.columns.headingOf[row] ?? 0] ?? [];
  }

  private bytesOf(row: number): Uint8Array {
    const block = this.blocks[firstAbove(this.blockFirsts, row) - 1];
    if (!block) return new Uint8Array();
    const i = row - block.first;
    return block.bytes.subarray(i === 0 ? 0 : block.ends[i - 1], block.ends[i]);
  }

  /** Gives a file its next rows. */
  private extend(path: string, row: number, count: number): void {
    const before = this.parts.get(path);
    const range = { first: before?.range.first ?? row, end: row + count };
    const columnsOf = (part: typeof range) => ({
      ...this.slice(part.first, part.end),
      headingPaths: this.headingPaths,
    });
    if (before) {
      before.range = range;
      before.columns = columnsOf(range);
      return;
    }
    const part = { file: { id: path, path }, document: path, range, columns: columnsOf(range) };
    this.parts.set(path, part);
    this.ordered.push(part);
    this.firsts.push(range.first);
  }

  private slice(first: number, end: number): Columns {
    const { starts, ends, pages, headingOf, firstLines, lastLines } = this.columns;
    return {
      starts: starts.subarray(first, end),
      ends: ends.subarray(first, end),
      pages: pages.subarray(first, end),
      headingOf: headingOf.subarray(first, end),
      firstLines: firstLines.subarray(first, end),
      lastLines: lastLines.subarray(first, end),
    };
  }
}

type Columns = Omit<SearchedPart['columns'], 'headingPaths'>;
