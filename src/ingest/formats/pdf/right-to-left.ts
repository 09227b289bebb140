import type { Segment } from './segments.ts';

/** A piece of a line in its place: its own characters are in the order of reading. */
export interface Placed {
  str: string;
  left: number;
  right: number;
}

const RTL_LETTER = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;
const MIRRORED: Record<string, string> = {
  '(': ')',
  ')': '(',
  '[': ']',
  ']': '[',
  '{': '}',
  '}': '{',
  '<': '>',
  '>': '<',
  '«': '»',
  '»': '«',
};

function hasRightToLeft(text: string): boolean {
  return RTL_LETTER.test(text);
}

/** Whether most letters of a text run from right to left. */
export function isRightToLeft(text: string): boolean {
  if (!RTL_LETTER.test(text)) return false;
  const letters = text.match(/\p{L}/gu) ?? [];
  return letters.filter(letter => RTL_LETTER.test(letter)).length * 2 > letters.length;
}

/** A stretch of a line, and the pieces that it was made of. */
interface Stretch {
  segment: Segment;
  pieces: readonly Placed[];
}

/**
 * A page's segments with those that run from right to left in the order of reading. Signs in another font are written
 * before or behind the words that they stand between: what stands on one line within reach (`reach`, in type sizes)
 * becomes one segment. `space`: the gap, in type sizes, from which on a blank stands between two pieces.
 */
export function withReadingOrder(stretches: readonly Stretch[], reach: number, space: number): Segment[] {
  if (!stretches.some(({ segment }) => hasRightToLeft(segment.text)))
    return stretches.map(({ segment }) => segment);
  const joined = joinAround(stretches, reach);
  const turned = joined.filter(({ segment }) => hasRightToLeft(segment.text));
  const read = ({ segment, pieces }: Stretch, mirrored: boolean) =>
    readRightToLeft(pieces, space * segment.size, mirrored);
  // Some programs write the bracket that is seen, others the one that is meant: those that are meant come in pairs.
  const meant = turned.reduce(
    (sum, stretch) => sum + pairs(read(stretch, false)) - pairs(read(stretch, true)),
    0,
  );
  for (const stretch of turned) {
    if (stretch.pieces.length > 1) stretch.segment.text = read(stretch, meant <= 0);
  }
  return joined.map(({ segment }) => segment);
}

function joinAround(stretches: readonly Stretch[], reach: number): Stretch[] {
  const out: Stretch[] = [];
  const taken = new Set<Stretch>();
  for (const stretch of stretches) {
    if (taken.has(stretch)) continue;
    const { segment } = stretch;
    const isOnLine = ({ segment: other }: Stretch) =>
      other.mark === segment.mark && Math.abs(other.y - segment.y) < 0.25 * segment.size;
    const near = stretches.filter(other => other !== stretch && !taken.has(other) && isOnLine(other));
    const pieces = [...stretch.pieces];
    for (;;) {
      const next = near.find(other => !taken.has(other) && touches(segment, other.segment, reach));
      if (!next) break;
      taken.add(next);
      pieces.push(...next.pieces);
      const isLonger = next.segment.text.length > segment.text.length;
      const { font, isMono, size } = isLonger ? next.segment : segment;
      Object.assign(segment, {
        text: `${segment.text} ${next.segment.text}`,
        left: Math.min(segment.left, next.segment.left),
        right: Math.max(segment.right, next.segment.right),
        ...{ font, isMono, size },
      });
    }
    out.push({ segment, pieces });
  }
  return out;
}

/** One within the other's reach, at least one of them from right to left. */
function touches(a: Segment, b: Segment, reach: number): boolean {
  if (!hasRightToLeft(a.text) && !hasRightToLeft(b.text)) return false;
  const gap = Math.max(a.left - b.right, b.left - a.right);
  return gap < reach * Math.max(a.size, b.size);
}

function pairs(text: string): number {
  return (text.match(/[([{][^()[\]{}]*[)\]}]/g) ?? []).length;
}

/** Pieces of a line from right to left: numbers and words of other scripts among them from left to right. */
function readRightToLeft(pieces: readonly Placed[], space: number, mirrored: boolean): string {
  const sorted = pieces.filter(({ str }) => str.trim() !== '').sort((a, b) => b.left - a.left);
  const ordered: Placed[] = [];
  for (let i = 0; i < sorted.length; ) {
    const end = leftToRightEnd(sorted, i);
    if (end > i) ordered.push(...sorted.slice(i, end).reverse());
    else {
      const piece = sorted[i] as Placed;
      ordered.push(
        /[\p{L}\p{N}]/u.test(piece.str) ? piece : { ...piece, str: turnedSigns(piece.str, mirrored) },
      );
    }
    i = Math.max(end, i + 1);
  }
  let text = '';
  let last: Placed | undefined;
  for (const piece of ordered) {
    const gap = last ? Math.max(piece.left - last.right, last.left - piece.right) : 0;
    const isSpaced = /\s$/.test(text) || /^\s/.test(piece.str);
    text += (gap > space && !isSpaced ? ' ' : '') + piece.str;
    last = piece;
  }
  // Shapes of letters become the letters.
  return text.replace(/[\ufb1d-\ufdff\ufe70-\ufefc]/g, shape => shape.normalize('NFKC'));
}

/** Signs alone, which the library leaves as they stand from left to right. */
function turnedSigns(signs: string, mirrored: boolean): string {
  const turned = Array.from(signs).reverse();
  return (mirrored ? turned.map(sign => MIRRORED[sign] ?? sign) : turned).join('');
}

/** Where a run that begins at `from` with a letter or digit of another script ends: signs within belong to it. */
function leftToRightEnd(pieces: readonly Placed[], from: number): number {
  let end = from;
  for (let i = from; i < pieces.length; i++) {
    const { str } = pieces[i] as Placed;
    if (RTL_LETTER.test(str)) break;
    if (/[\p{L}\p{N}]/u.test(str)) end = i + 1;
    else if (end === from) break;
  }
  return end;
}
