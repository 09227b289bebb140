import type { PDFDocumentProxy } from 'pdfjs-dist';
import { VecdropError } from '../../../domain/errors.ts';
import { DocumentWriter } from '../../document-writer.ts';
import type { Parsed } from '../../format.ts';
import { broken } from '../../limits.ts';
import { withoutFurniture } from './furniture.ts';
import { type Line, toLines } from './lines.ts';
import { openPdf } from './open.ts';
import { readingOrder } from './reading-order.ts';
import { readPage } from './segments.ts';
import { measureStyle, titleKey } from './style.ts';
import { type Piece, taggedPieces } from './tags.ts';
import { piecesOf, writePages } from './write.ts';

/** Fewer letters than this a page are a stamp or a number on the picture of a page. */
const LETTERS_OF_A_PAGE = 20;

/**
 * A PDF's text. Throws 'file/encrypted', 'file/broken', 'file/no-text' for pictures of pages, and 'file/unreadable'
 * where a map of characters could not be had.
 */
export async function readPdf(bytes: Uint8Array): Promise<Parsed> {
  const { file, lacksMaps } = await openPdf(bytes);
  try {
    const pages: ReadPage[] = [];
    for (let number = 1; number <= file.numPages; number++) pages.push(await pageOf(file, number));
    const letters = pages.reduce(
      (sum, { lines }) => sum + lines.reduce((all, { text }) => all + text.length, 0),
      0,
    );
    if (lacksMaps()) throw withoutMaps();
    if (letters === 0 || letters < LETTERS_OF_A_PAGE * (Math.min(pages.length, 5) - 1)) throw scanned();
    const lines = withoutFurniture(pages.map(page => page.lines));
    const style = measureStyle(lines.flat(), await outlineOf(file));
    const writer = new DocumentWriter();
    const pieces = pages.map(({ tagged }, i) => tagged ?? piecesOf(lines[i] as Line[], style));
    writePages(pieces, style, writer);
    const { title, language } = await propertiesOf(file);
    const blank = pages.flatMap((page, i) => (page.lines.length === 0 ? [i + 1] : []));
    const parsed = { ...writer.finish({ title, language }), ...noticeOf(blank) };
    if (parsed.title) return parsed;
    const heading = parsed.blocks.find(({ kind, page }) => kind === 'heading' && page === 1);
    return heading ? { ...parsed, title: parsed.text.slice(heading.start, heading.end) } : parsed;
  } finally {
    await file.loadingTask.destroy();
  }
}

/** Which pages hold no text: pictures of pages, or nothing. */
function noticeOf(pages: readonly number[]): { notice?: string } {
  if (pages.length === 0) return {};
  const ranges: string[] = [];
  for (let i = 0; i < pages.length; ) {
    const first = pages[i] as number;
    let end = i + 1;
    while (pages[end] === first + end - i) end++;
    ranges.push(end - i > 1 ? `${first}–${first + end - i - 1}` : `${first}`);
    i = end;
  }
  const named = ranges.slice(0, 5).join(', ') + (ranges.length > 5 ? ' …' : '');
  return { notice: `no text on ${pages.length === 1 ? 'page' : `${pages.length} pages:`} ${named}` };
}

function withoutMaps(): VecdropError {
  return new VecdropError(
    'file/unreadable',
    'This file needs tables of characters that could not be fetched from where this page came from. Connect, and try again.',
  );
}

function scanned(): VecdropError {
  return new VecdropError(
    'file/no-text',
    'This file holds pictures of pages and no text (a scan). Run it through text recognition (OCR) and add the result.',
  );
}

interface ReadPage {
  lines: Line[];
  /** By the file's own structure, where it has one. */
  tagged: Piece[] | undefined;
}

async function pageOf(file: PDFDocumentProxy, number: number): Promise<ReadPage> {
  try {
    const proxy = await file.getPage(number);
    const tree = await proxy.getStructTree().catch(() => null);
    const page = await readPage(proxy);
    return { lines: toLines(page, readingOrder(page.segments)), tagged: taggedPieces(page, tree) };
  } catch (error) {
    throw broken(`a PDF (page ${number})`, error);
  }
}

/** The titles of the file's outline with their level; of one that is not well made, nothing. */
async function outlineOf(file: PDFDocumentProxy): Promise<Map<string, number>> {
  const levels = new Map<string, number>();
  type Items = Awaited<ReturnType<PDFDocumentProxy['getOutline']>>;
  const visit = (items: Items, level: number) => {
    for (const { title, items: inner } of items) {
      const key = titleKey(title);
      if (key !== '' && !levels.has(key)) levels.set(key, level);
      if (level < 6) visit(inner, level + 1);
    }
  };
  try {
    visit((await file.getOutline()) ?? [], 1);
  } catch {
    // Headings are found without it.
  }
  return levels;
}

async function propertiesOf(file: PDFDocumentProxy): Promise<{ title?: string; language?: string }> {
  try {
    const info = (await file.getMetadata()).info as { Title?: unknown; Language?: unknown };
    const title = typeof info.Title === 'string' ? info.Title.replace(/^Microsoft Word - /, '').trim() : '';
    // Names of files and nothings that programs write there.
    const isTitle =
      title !== '' && !/^untitled|^about:blank|\.(docx?|odt|tex|dvi|indd|pptx?|xlsx?|html?)$/i.test(title);
    return {
      ...(isTitle ? { title } : {}),
      ...(typeof info.Language === 'string' ? { language: info.Language } : {}),
    };
  } catch {
    return {};
  }
}
