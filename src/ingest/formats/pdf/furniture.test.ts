import { describe, expect, it } from 'vitest';
import { withoutFurniture } from './furniture.ts';
import type { Line } from './lines.ts';

/** Lines of pages 800 points high: text, its place, its size (10). */
function pagesOf(...pages: [text: string, y: number, size?: number][][]): Line[][] {
  return pages.map((lines, i) =>
    lines.map(([text, y, size = 10]) => {
      const page = { number: i + 1, width: 600, height: 800, segments: [] };
      return { text, y, size, page, cells: [], left: 50, right: 550, font: 'f', isMono: false, flow: 0 };
    }),
  );
}

const left = (...pages: Parameters<typeof pagesOf>) =>
  withoutFurniture(pagesOf(...pages)).map(lines => lines.map(({ text }) => text));

let sentences = 0;
/** Running text, another on each page. */
const body = (): [string, number][] => [100, 112].map(y => [`sentence ${'o'.repeat(++sentences)}`, y]);

describe('what is printed on page after page', () => {
  it('goes, numbers aside, though the first page has none', () => {
    const pages = [2, 3].map((n): [string, number][] => [
      ['The report', 50],
      ...body(),
      [`Page ${n} of 3`, 760],
    ]);
    expect(left(body(), ...pages).flat()).toEqual(Array(6).fill(expect.stringMatching(/^sentence/)));
  });

  it('goes where titles alternate and change with the chapters', () => {
    const pages = Array.from({ length: 40 }, (_, i): [string, number][] => [
      [i % 2 ? `${i} The book` : `Part ${i < 20 ? 'One' : 'Two'} ${i}`, 50],
      ...body(),
    ]);
    expect(left(...pages).flat()).not.toContainEqual(expect.stringMatching(/book|Part/));
  });

  it('is not the heading of a chapter, the head of a table that goes on, or a first page’s only line', () => {
    const chapters = [1, 2, 3, 4].map((n): [string, number, number?][] => [
      [`Chapter ${n}`, 60, 18],
      ...body(),
    ]);
    expect(left(...chapters).map(([first]) => first)).toEqual([1, 2, 3, 4].map(n => `Chapter ${n}`));
    const table: [string, number][] = [
      ['Place Depth', 50],
      ['Moor 12', 62],
    ];
    expect(left(body(), table, table)[1]).toEqual(['Place Depth', 'Moor 12']);
    expect(left([['Only a line', 50]])).toEqual([['Only a line']]);
  });

  it('goes where it is the number of the only page', () => {
    expect(left([...body(), ['1', 760]])[0]).toHaveLength(2);
    expect(left([...body(), ['7', 760]])[0]).toHaveLength(3);
  });
});
