/** A heading's first line, without Markdown's marks. */
export function headingTitle(heading: string): string {
  const [line = ''] = heading.trim().split('\n', 1);
  return line.replace(/^#{1,6}(?:\s+|$)|\s+#+\s*$/g, '').trim();
}
