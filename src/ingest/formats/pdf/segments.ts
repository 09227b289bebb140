import type { PDFPageProxy } from 'pdfjs-dist';
import { withoutRadicals } from './ideographs.ts';
import { type Placed, withReadingOrder } from './right-to-left.ts';

/** A stretch of one line of a page, all in points, y downwards from the page's top. */
export interface Segment {
  text: string;
  left: number;
  right: number;
  /** Of the base line. */
  y: number;
  /** Of the type. */
  size: number;
  /** The font that most of it is in; the same name on every page of a file. */
  font: string;
  isMono: boolean;
  /** Of the file's own structure: the marked content that it is in. */
  mark: string | undefined;
}

export interface Page {
  number: number;
  width: number;
  height: number;
  /** In the order in which the program that wrote the file wrote them. */
  segments: Segment[];
}

/** What the library gives for each piece of text. */
interface Piece {
  str: string;
  dir: string;
  width: number;
  transform: number[];
  fontName: string;
}

/** Gaps, in type sizes: a wider one ends a segment (a column or a cell begins), a narrower one than SPACE is none. */
const BREAK = 0.9;
export const SPACE = 0.14;

/** What a raised number stands behind that refers to a note: a word or a sentence's end, no unit and no variable. */
const NOTED = /(?:\p{L}{4}|[.,;:!?)\]”’"»])$/u;

/**
 * The text of one page as segments of lines. Left out is what stands slanted or across (unless the whole page does),
 * and what the file itself says is no content: its running lines.
 */
export async function readPage(page: PDFPageProxy): Promise<Page> {
  const { width, height, transform } = page.getViewport({ scale: 1 });
  const { items, styles } = await page.getTextContent({ includeMarkedContent: true });
  page.cleanup();
  const pieces = items.filter(item => 'str' in item) as Piece[];
  const turned = turns(pieces, transform);
  const isMono = monospaced(pieces, name => styles[name]?.fontFamily === 'monospace');
  const builder = new SegmentBuilder(isMono);
  const marks: Mark[] = [];
  for (const item of items) {
    if (!('str' in item)) {
      if (item.type !== 'endMarkedContent') marks.push(markOf(item as Begin, marks.at(-1)));
      else {
        const ended = marks.pop();
        if (ended?.reading && ended.reading !== marks.at(-1)?.reading)
          addReading(ended.reading, ended.id, builder);
      }
      continue;
    }
    const mark = marks.at(-1);
    if (mark?.isArtifact) continue;
    const [a, b, c, d, e, f] = multiply(transform, item.transform);
    const along = turned ? turned * b : a;
    const across = turned ? turned * a : b;
    const isUpright = along > 0 && Math.abs(across) < 0.09 * along;
    if (!isUpright && item.str.trim() !== '') continue;
    const place = { x: turned ? turned * f : e, y: turned ? -turned * e : f, size: Math.hypot(c, d) };
    const piece = { ...(item as Piece), str: withoutRadicals(item.str), ...place };
    if (mark?.reading) mark.reading.pieces.push(piece);
    else builder.add(piece, mark?.id);
  }
  const segments = withReadingOrder(builder.stretches, BREAK, SPACE);
  const [across, down] = turned ? [height, width] : [width, height];
  return { number: page.pageNumber, width: across, height: down, segments };
}

/** A piece in its place: its left end and base line, y downwards. */
interface PlacedPiece extends Piece {
  x: number;
  y: number;
  size: number;
}

/** What the library tells of marked content that begins; `actualText` by a change of ours (scripts/pdf-library.ts). */
interface Begin {
  id?: string;
  tag?: string;
  actualText?: string;
}

interface Mark {
  id: string | undefined;
  isArtifact: boolean | undefined;
  /** Where the file says what its glyphs read: those that were met, and what they read. */
  reading: Reading | undefined;
}

interface Reading {
  text: string;
  pieces: PlacedPiece[];
}

function markOf({ id, tag, actualText }: Begin, outer: Mark | undefined): Mark {
  const reading = actualText === undefined ? undefined : { text: actualText, pieces: [] };
  return {
    id: id || outer?.id,
    isArtifact: tag === 'Artifact' || outer?.isArtifact,
    reading: outer?.reading ?? reading,
  };
}

/** Glyphs of one line with what the file says that they read, for what the characters of each; a blank before them stays. */
function addReading({ text, pieces }: Reading, id: string | undefined, builder: SegmentBuilder): void {
  const glyphs = pieces.filter(({ str }) => str.trim() !== '');
  const [first] = glyphs;
  if (!first || glyphs.some(({ y, size }) => Math.abs(y - first.y) > size)) {
    for (const piece of pieces) builder.add(piece, id);
    return;
  }
  for (const piece of pieces.slice(0, pieces.indexOf(first))) builder.add(piece, id);
  const x = Math.min(...glyphs.map(piece => piece.x));
  const right = Math.max(...glyphs.map(piece => piece.x + piece.width));
  if (text.trim() !== '') builder.add({ ...first, str: text, x, width: right - x }, id);
}

/** Fonts whose letters are all as wide. What the library says of a font is a guess, and serves where little is set in it. */
function monospaced(pieces: readonly Piece[], guess: (font: string) => boolean): (font: string) => boolean {
  const widths = new Map<string, number[]>();
  for (const { str, width, fontName, transform } of pieces) {
    // Of other scripts a character is not a glyph, or all are as wide.
    if (
      str.length < 2 ||
      str.trim() === '' ||
      !/^[\p{sc=Latn}\p{sc=Grek}\p{sc=Cyrl}\p{N}\p{P}\p{S}\s]+$/u.test(str)
    )
      continue;
    const [a = 0, b = 0] = transform;
    const ratio = width / str.length / Math.hypot(a, b);
    const known = widths.get(fontName);
    if (known) known.push(ratio);
    else widths.set(fontName, [ratio]);
  }
  const mono = new Set<string>();
  for (const [font, ratios] of widths) {
    ratios.sort((a, b) => a - b);
    const low = ratios[Math.floor(ratios.length * 0.1)] as number;
    const high = ratios[Math.ceil(ratios.length * 0.9) - 1] as number;
    if (low > 0.49 && high < 0.67 && high - low < 0.006 && (ratios.length > 4 || guess(font))) mono.add(font);
  }
  return font => mono.has(font);
}

/** 1 or -1 where most of the page's text runs down or up, 0 where it runs across. */
function turns(pieces: readonly Piece[], transform: number[]): number {
  let across = 0;
  let down = 0;
  for (const { str, transform: own } of pieces) {
    const [a, b] = multiply(transform, own);
    if (Math.abs(a) >= Math.abs(b)) across += str.length;
    else down += Math.sign(b) * str.length;
  }
  return Math.abs(down) > across ? Math.sign(down) : 0;
}

class SegmentBuilder {
  readonly stretches: { segment: Segment; pieces: Placed[] }[] = [];
  readonly #isMono: (font: string) => boolean;
  #last: Segment | undefined;
  #fontShare = new Map<string, number>();
  /** Of the last segment. */
  #pieces: Placed[] = [];

  constructor(isMono: (font: string) => boolean) {
    this.#isMono = isMono;
  }

  add(piece: PlacedPiece, mark: string | undefined): void {
    const { str, width, x, y, size } = piece;
    const last = this.#last;
    if (str.trim() === '') {
      // One without a width is the library's guess; the gap to what comes next says more.
      if (!last || str === '' || width < 0.05 * size || last.text.endsWith(' ')) return;
      // A blank as wide as that is the way to the next cell.
      if (width < BREAK * size && this.#continues(x, x + width, y, size)) {
        last.text += ' ';
        this.#pieces.push({ str: ' ', left: x, right: x + width });
        last.right = Math.max(last.right, x + width);
      }
      return;
    }
    if (last && this.#isRepeated(last, str, x, y, size)) return;
    if (last && last.mark === mark && this.#continues(x, x + width, y, size)) {
      this.#append(last, piece);
    } else this.#begin(piece, mark);
  }

  #begin({ str, width, fontName, x, y, size }: PlacedPiece, mark: string | undefined): void {
    const isMono = this.#isMono(fontName);
    this.#pieces = [{ str, left: x, right: x + width }];
    this.#last = { text: str, left: x, right: x + width, y, size, font: fontName, isMono, mark };
    this.#fontShare = new Map([[fontName, str.length]]);
    this.stretches.push({ segment: this.#last, pieces: this.#pieces });
  }

  #append(last: Segment, { str, dir, width, fontName, x, y, size }: PlacedPiece): void {
    this.#pieces.push({ str, left: x, right: x + width });
    const gap =
      dir === 'rtl' && x + width <= last.left + size * 0.3 ? last.left - (x + width) : x - last.right;
    const spaced = /\s$/.test(last.text) || /^\s/.test(str);
    const isRaised = (small: { y: number; size: number }, large: { y: number; size: number }) =>
      small.size < 0.85 * large.size && large.y - small.y > 0.2 * large.size;
    if (/^\d{1,3}$/.test(last.text) && isRaised(last, { y, size })) last.text = `[${last.text}] ${str}`;
    else if (/^\d{1,3}$/.test(str) && NOTED.test(last.text) && isRaised({ y, size }, last))
      last.text += `[${str}]`;
    else last.text += (gap > SPACE * Math.max(size, last.size) && !spaced ? ' ' : '') + str;
    last.left = Math.min(last.left, x);
    last.right = Math.max(last.right, x + width);
    // Raised and lowered signs belong to the line that they stand in.
    if (size > last.size * 1.05) {
      last.size = size;
      last.y = y;
    }
    const share = (this.#fontShare.get(fontName) ?? 0) + str.length;
    this.#fontShare.set(fontName, share);
    if (share > (this.#fontShare.get(last.font) ?? 0)) {
      last.font = fontName;
      last.isMono = this.#isMono(fontName);
    }
  }

  /** Whether what stands there goes on with the last segment's line. */
  #continues(left: number, right: number, y: number, size: number): boolean {
    const last = this.#last;
    if (!last) return false;
    const larger = Math.max(size, last.size);
    const shift = Math.abs(y - last.y);
    if (shift > (Math.min(size, last.size) < 0.85 * larger ? 0.6 : 0.25) * larger) return false;
    const after = left - last.right;
    const before = last.left - right;
    return (
      (after > -0.5 * larger && after < BREAK * larger) || (before > -0.3 * larger && before < BREAK * larger)
    );
  }

  /** Bold type is made by some programs by writing twice. */
  #isRepeated(last: Segment, str: string, x: number, y: number, size: number): boolean {
    return last.text === str && Math.abs(x - last.left) < 0.1 * size && Math.abs(y - last.y) < 0.1 * size;
  }
}

function multiply(m: number[], n: number[]): [number, number, number, number, number, number] {
  const [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0] = m;
  const [g = 1, h = 0, i = 0, j = 1, k = 0, l = 0] = n;
  return [a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * l + e, b * k + d * l + f];
}
