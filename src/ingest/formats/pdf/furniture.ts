import type { Line } from './lines.ts';

/** The part of a page's height, at its top and at its foot, where running lines stand. */
const MARGIN = 0.2;
/** Lines counted from the top and from the foot among which they are. */
const OUTERMOST = 2;
/** Points by which a running line may move from page to page. */
const SHIFT = 4;

/**
 * Takes away what is printed on page after page: outermost lines that come again in their place (numbers aside), and
 * page numbers. Pages in their order.
 */
export function withoutFurniture(pages: readonly Line[][]): Line[][] {
  const marginal = pages.map(lines => lines.filter(line => isOutermost(line, lines)));
  const places = new Map<string, number[]>();
  for (const [i, lines] of marginal.entries()) {
    for (const line of lines) {
      const key = keyOf(line, i);
      places.set(key, [...(places.get(key) ?? []), line.y]);
    }
  }
  // Titles alternate on left and right pages, and change with the chapters.
  const often = Math.min(pages.length, Math.max(3, Math.ceil(pages.length * 0.1)));
  return pages.map((lines, i) => {
    if (pages.length < 2) return [...lines];
    const dropped = new Set(
      (marginal[i] as Line[]).filter(line => {
        const key = keyOf(line, i);
        const near = (places.get(key) ?? []).filter(y => Math.abs(y - line.y) < SHIFT).length;
        return near >= (key === PAGE_NUMBER ? Math.max(2, pages.length / 4) : often);
      }),
    );
    return lines.filter(line => !dropped.has(line));
  });
}

function isOutermost(line: Line, lines: readonly Line[]): boolean {
  const { height } = line.page;
  const isTop = line.y < height * MARGIN;
  if (!isTop && line.y < height * (1 - MARGIN)) return false;
  const further = new Set(
    lines
      .filter(other => (isTop ? other.y < line.y - 2 : other.y > line.y + 2))
      .map(({ y }) => Math.round(y)),
  );
  return further.size < OUTERMOST;
}

const PAGE_NUMBER = '#';

/** The words with every number as '#': 'Page 3 of 20' is the same on each page. */
function keyOf(line: Line, index: number): string {
  if (isPageNumber(line.text, index)) return PAGE_NUMBER;
  const isTop = line.y < line.page.height / 2;
  return `${isTop} ${line.text.toLowerCase().replace(/\d+|\b[ivxlc]+\b/g, '#')}`;
}

function isPageNumber(text: string, index: number): boolean {
  const match =
    /^[-–—[(\s|]*(?:(?:page|seite|página|pagina|стр\.?|p\.)\s*)?(\d{1,4}|[ivxlc]{1,7})(?:\s*(?:\/|of|von|de|sur|из)\s*\d{1,4})?[-–—\])\s|.]*$/i.exec(
      text,
    );
  if (!match) return false;
  const number = Number(match[1]);
  // Far from the page's own place it is a number that is said.
  return Number.isNaN(number) || Math.abs(number - index - 1) < 2000;
}
