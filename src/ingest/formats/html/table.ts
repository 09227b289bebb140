import { descendants, type Element, isElement } from '../../markup.ts';

/** More columns or rows than this are no span but a mistake. */
const MAX_SPAN = 100;
/** A longer value is not repeated in the rows that it spans. */
const MAX_REPEATED = 200;

/** A table that only places things: it holds tables or blocks, or a single column, and no header. */
export function isLayoutTable(table: Element): boolean {
  if (table.attributes.role === 'presentation' || table.attributes.role === 'none') return true;
  let rows = 0;
  let widest = 0;
  let header = false;
  let blocks = false;
  for (const { name, children } of descendants(table)) {
    if (name === 'table') return true;
    if (name === 'th' || name === 'thead' || name === 'caption') header = true;
    if (/^(h[1-6]|pre|blockquote)$/.test(name)) blocks = true;
    if (name === 'tr') {
      rows++;
      widest = Math.max(widest, children.filter(node => isElement(node) && isCell(node)).length);
    }
  }
  return !header && (blocks || widest < 2 || rows < 2);
}

/** Rows of cells. A value that spans rows stands in each of them, one that spans columns in the first. */
export function tableRows(table: Element, textOfCell: (cell: Element) => string): string[][] {
  const rows: string[][] = [];
  /** By column: what still hangs down from above. */
  const hanging: ({ text: string; rows: number } | undefined)[] = [];
  for (const tr of rowsOf(table)) {
    const row: string[] = [];
    const takeHanging = () => {
      for (let above = hanging[row.length]; above; above = hanging[row.length]) {
        if (--above.rows === 0) hanging[row.length] = undefined;
        row.push(above.text);
      }
    };
    for (const cell of tr.children) {
      if (!isElement(cell) || !isCell(cell)) continue;
      takeHanging();
      const text = textOfCell(cell);
      const down = span(cell.attributes.rowspan) - 1;
      for (let i = 0; i < span(cell.attributes.colspan); i++) {
        const own = i === 0 ? text : '';
        if (down > 0) hanging[row.length] = { text: own.length > MAX_REPEATED ? '' : own, rows: down };
        row.push(own);
      }
    }
    takeHanging();
    if (row.some(cell => cell.trim() !== '')) rows.push(row);
  }
  return rows;
}

function isCell({ name }: Element): boolean {
  return name === 'td' || name === 'th';
}

/** The table's own rows: the header's first, the footer's last. */
function rowsOf(table: Element): Element[] {
  const parts = (name: string) =>
    table.children.filter((node): node is Element => isElement(node) && node.name === name);
  const direct = table.children.flatMap(node => {
    if (!isElement(node)) return [];
    if (node.name === 'tr') return [node];
    return node.name === 'tbody' ? node.children.filter(isElement) : [];
  });
  const inside = (name: string) => parts(name).flatMap(part => part.children.filter(isElement));
  return [...inside('thead'), ...direct, ...inside('tfoot')].filter(({ name }) => name === 'tr');
}

function span(value: string | undefined): number {
  const count = Number.parseInt(value ?? '1', 10);
  return count >= 1 ? Math.min(count, MAX_SPAN) : 1;
}
