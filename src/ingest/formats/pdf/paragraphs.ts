import type { Line } from './lines.ts';
import { half, type Style, titleKey } from './style.ts';

/** Lines that belong together. */
export interface Group {
  kind: 'paragraph' | 'heading' | 'item' | 'code' | 'quote';
  lines: Line[];
  level?: number;
  /** What stands before an item where the file's structure says so; else its mark is part of its text. */
  mark?: string;
}

const BULLET = /^[•‣◦▪▫●○■□◆◇➢➤✓✔·∙*–—\-\uf0b7\uf0a7]\s+(?=\S)/;
const NUMBER = /^(?:\(?(?:\d{1,3}|[a-z]|[ivx]{1,5})[.)]|\[\d{1,3}\])\s+(?=\S)/i;
const SECTION =
  /^(?:\d{1,2}(?:\.\d{1,2}){0,4}\.?|[IVX]{1,5}\.|[A-Z]\.|(?:chapter|section|appendix|part|kapitel|chapitre|capítulo)\s+[\dIVXA-Z]+[.:]?)\s+\S/i;
const SENTENCE_END = /[.!?…:;。！？]["'”’»)\]]*$/u;
const MAX_HEADING = 200;

/** Lines of a page, tables aside, as paragraphs, headings, items and code. */
export function groupLines(lines: readonly Line[], style: Style): Group[] {
  const groups: Group[] = [];
  const edges = flowEdges(lines);
  for (const line of lines) {
    const group = groups[groups.length - 1];
    const last = group?.lines[group.lines.length - 1];
    const edge = edgeOf(edges.get(line.flow) ?? [], last ?? line);
    if (group && last && goesOn(group, last, line, edge, style)) group.lines.push(line);
    else {
      const above = last && last.flow !== line.flow ? beforeNotes(groups, line, style) : undefined;
      if (above) above.lines.push(line);
      else groups.push({ kind: kindOf(line), lines: [line] });
    }
  }
  for (const [i, group] of groups.entries()) {
    const level = headingLevel(group, groups[i - 1], groups[i + 1], style);
    if (level !== undefined) Object.assign(group, { kind: 'heading', level });
  }
  return groups;
}

function kindOf(line: Line): Group['kind'] {
  if (line.isMono) return 'code';
  return BULLET.test(line.text) || NUMBER.test(line.text) ? 'item' : 'paragraph';
}

/** The running text that goes on in the next column, notes at its foot between. */
function beforeNotes(groups: readonly Group[], line: Line, style: Style): Group | undefined {
  const group = groups.findLast(({ lines: [first] }) => first && first.size >= style.bodySize * 0.95);
  const last = group?.lines[group.lines.length - 1];
  if (!group || !last || group.kind === 'code' || kindOf(line) !== 'paragraph') return undefined;
  return group !== groups.at(-1) && flowsOn(group, line) ? group : undefined;
}

/** Lines of running text by their flow. */
function flowEdges(lines: readonly Line[]): Map<number, Line[]> {
  const edges = new Map<number, Line[]>();
  for (const line of lines) {
    if (line.isMono) continue;
    const flow = edges.get(line.flow);
    if (flow) flow.push(line);
    else edges.set(line.flow, [line]);
  }
  return edges;
}

/** Where the lines begin and end that are indented like this one; those that run over several columns aside. */
function edgeOf(lines: readonly Line[], like: Line): { left: number; right: number } {
  let { left } = like;
  const rights: number[] = [];
  for (const line of lines) {
    left = Math.min(left, line.left);
    if (Math.abs(line.left - like.left) < 2) rights.push(line.right);
  }
  rights.sort((a, b) => a - b);
  return { left, right: rights[Math.floor((rights.length - 1) * 0.85)] ?? like.right };
}

function goesOn(
  group: Group,
  last: Line,
  line: Line,
  edge: { left: number; right: number },
  style: Style,
): boolean {
  if (line.isMono !== (group.kind === 'code')) return false;
  if (half(last.size) !== half(line.size) && Math.abs(last.size - line.size) > 0.06 * last.size) return false;
  if (group.kind === 'code') return last.flow === line.flow && line.y - last.y < 3.5 * line.size;
  if (kindOf(line) === 'item') return false;
  if (last.flow !== line.flow) return flowsOn(group, line);
  const step = (line.y - last.y) / line.size;
  // A heading of several lines.
  if (half(line.size) >= style.bodySize * 1.1 && line.font === last.font && step > 0 && step < 1.6) {
    return !SECTION.test(line.text);
  }
  if (step > Math.max(style.leading, leadingOf(group)) * 1.25 + 0.05) return false;
  if (
    last.font !== line.font &&
    setApart(last, style) !== setApart(line, style) &&
    group.lines.length === 1
  ) {
    return !SECTION.test(last.text) && last.right > edge.left + (edge.right - edge.left) * 0.8;
  }
  const first = group.lines[0] as Line;
  const width = edge.right - edge.left;
  const endsShort = last.right < edge.right - Math.max(0.12 * width, 2 * line.size);
  if (group.kind === 'item')
    return line.left > first.left + 0.3 * line.size || !(endsShort && SENTENCE_END.test(last.text));
  // Indented after a line at the edge: a new paragraph; after an indented first line: the same one.
  const indent = line.left - last.left;
  if (indent > 0.7 * line.size && indent < 4 * line.size && (SENTENCE_END.test(last.text) || endsShort))
    return false;
  if (endsShort && SENTENCE_END.test(last.text) && last.right < edge.right - 0.25 * width) return false;
  return true;
}

function leadingOf({ lines }: Group): number {
  const [first, second] = lines;
  return first && second && first.flow === second.flow ? (second.y - first.y) / second.size : 0;
}

/** Whether a text goes on in the next column or on the next page: its last line is full and ends no sentence. */
export function flowsOn({ lines }: Group, line: Line): boolean {
  const last = lines[lines.length - 1] as Line;
  if (SENTENCE_END.test(last.text) || Math.abs(last.size - line.size) > 0.06 * last.size) return false;
  if (/^[\p{Ll}\p{Lo}\p{N}(„“"«]/u.test(line.text)) return true;
  const right = Math.max(
    ...lines.filter(({ flow, page }) => flow === last.flow && page === last.page).map(each => each.right),
  );
  return lines.length > 1 && right - last.right < 2 * last.size && /^\p{L}/u.test(line.text);
}

function setApart(line: Line, style: Style): boolean {
  return !style.bodyFonts.has(line.font) && !line.isMono;
}

function headingLevel(
  group: Group,
  before: Group | undefined,
  after: Group | undefined,
  style: Style,
): number | undefined {
  if (group.kind === 'code' || group.lines.length > 4) return undefined;
  const [line] = group.lines as [Line];
  const text = group.lines.map(each => each.text).join(' ');
  if (text.length > MAX_HEADING || !/\p{L}/u.test(text)) return undefined;
  const outlined = style.outline.get(titleKey(text));
  if (outlined !== undefined && (setApart(line, style) || half(line.size) > style.bodySize)) return outlined;
  const size = style.headingSizes.indexOf(half(line.size));
  if (size >= 0) return isItemOnly(group, before, after) ? undefined : Math.min(6, size + 1);
  // As large as the text, but set in another font, by itself.
  if (half(line.size) < style.bodySize || !group.lines.every(each => setApart(each, style))) return undefined;
  if (group.lines.length > 2 || text.length > 100 || /[.,;:]$/.test(text)) return undefined;
  const isNumbered = SECTION.test(text);
  const gapAbove = before ? gap(before, group) : 9;
  const standsAlone = gapAbove > style.leading * 1.3 && after !== undefined && after.kind !== 'heading';
  if (!isNumbered && (!standsAlone || group.kind === 'item')) return undefined;
  const depth = isNumbered ? (/^[\d.]+/.exec(text)?.[0].match(/\d+/g)?.length ?? 1) : 1;
  return Math.min(6, style.headingSizes.length + depth);
}

/** One of several items in large type. */
function isItemOnly(group: Group, before: Group | undefined, after: Group | undefined): boolean {
  return (
    group.kind === 'item' &&
    (before?.kind === 'item' || after?.kind === 'item') &&
    !SECTION.test(group.lines[0]?.text ?? '')
  );
}

function gap(before: Group, group: Group): number {
  const last = before.lines[before.lines.length - 1] as Line;
  const first = group.lines[0] as Line;
  return last.flow === first.flow && last.page === first.page ? (first.y - last.y) / first.size : 9;
}

/** An item's text with the mark as Markdown writes it. */
export function itemText(text: string): string {
  return text.replace(BULLET, '- ');
}
