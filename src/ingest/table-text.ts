/** A table as GitHub's Markdown writes it: the first row is the header. Rows may differ in length. */
export function tableText(rows: readonly (readonly string[])[]): string {
  const width = rows.reduce((most, row) => Math.max(most, row.length), 0);
  const lines = rows.map(row => line(Array.from({ length: width }, (_, i) => row[i] ?? '')));
  lines.splice(1, 0, line(new Array(width).fill('---')));
  return lines.join('\n');
}

function line(cells: readonly string[]): string {
  return `| ${cells.map(cell => cell.trim().replace(/\s+/g, ' ').replaceAll('|', '\\|')).join(' | ')} |`;
}
