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
  const body = middle(pages.flat().map(({ size }) => size));
  const places = new Map<string, number[]>();
  for (const [i, lines] of marginal.entries()) {
    for (const line of lines) {
      const key = keyOf(line, i, body);
      places.set(key, [...(places.get(key) ?? []), line.y]);
    }
  }
  // Titles alternate on left and right pages, and change with the chapters.
  const often = Math.min(pages.length, Math.max(3, Math.ceil(pages.length * 0.1)));
  return pages.map((lines, i) => {
    const dropped = new Set(
      (marginal[i] as Line[]).filter(line => {
        const key = keyOf(line, i, body);
        const near = (places.get(key) ?? []).filter(y => Math.abs(y - line.y) < SHIFT).length;
        const isApart = standsApart(line, lines);
        if (key === PAGE_NUMBER) {
          const isOnlyPage = pages.length === 1 && isApart && line.text.trim() === '1';
          return isOnlyPage || near >= Math.max(2, pages.length / 4);
        }
        if (pages.length === 1) return false;
        // Of few pages the first often has none. The head of a table that goes on stands close to its rows.
        return near >= (isApart && pages.length < 5 ? 2 : often);
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

/** Whether there is more room than between lines of a text to what is further in. */
function standsApart(line: Line, lines: readonly Line[]): boolean {
  const isTop = line.y < line.page.height / 2;
  const steps = lines.map(({ y }) => (isTop ? y - line.y : line.y - y)).filter(step => step > 2);
  return steps.length > 0 && Math.min(...steps) > 2 * line.size;
}

function middle(sizes: number[]): number {
  return sizes.sort((a, b) => a - b)[sizes.length >> 1] ?? 0;
}

const PAGE_NUMBER = '#';

/**
 * The words with every number as '#': 'Page 3 of 20' is the same on each page. In larger type numbers count: 'Chapter 3'
 * may be a heading.
 */
function keyOf(line: Line, index: number, body: number): string {
  if (isPageNumber(line.text, index)) return PAGE_NUMBER;
  const isTop = line.y < line.page.height / 2;
  if (line.size > 1.1 * body) return `${isTop} ${line.text}`;
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
