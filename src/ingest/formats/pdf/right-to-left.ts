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

export function hasRightToLeft(text: string): boolean {
  return RTL_LETTER.test(text);
}

/** Whether most letters of a text run from right to left. */
export function isRightToLeft(text: string): boolean {
  if (!RTL_LETTER.test(text)) return false;
  const letters = text.match(/\p{L}/gu) ?? [];
  return letters.filter(letter => RTL_LETTER.test(letter)).length * 2 > letters.length;
}

/**
 * Pieces of a line from right to left as they are read: numbers and words of other scripts among them from left to
 * right. `space` is the gap from which on a blank stands between two. Shapes of letters become the letters.
 */
export function readRightToLeft(pieces: readonly Placed[], space: number): string {
  const sorted = pieces.toSorted((a, b) => b.left - a.left);
  const ordered: Placed[] = [];
  for (let i = 0; i < sorted.length; ) {
    const end = leftToRightEnd(sorted, i);
    if (end > i) ordered.push(...sorted.slice(i, end).reverse());
    else {
      const piece = sorted[i] as Placed;
      ordered.push({ ...piece, str: MIRRORED[piece.str] ?? piece.str });
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
  return text.replace(/[\ufb1d-\ufdff\ufe70-\ufefc]/g, shape => shape.normalize('NFKC'));
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
