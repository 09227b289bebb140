import type { Block } from '../../../domain/document.ts';

/** Keys nested deeper than this are no sections of their own. */
const DEEPEST = 3;
/** UTF-16 units of a line that are looked at: what a line is stands at its beginning. */
const HEAD = 1000;
/** A longer first entry is not the name of a document. */
const MAX_NAME = 120;

/** A key, plain or quoted, and what stands behind its colon. */
const ENTRY =
  /^("(?:[^"\\]|\\.)*"\s*|'(?:[^']|'')*'\s*|[^\s"'#&*!|>%@`,[\]{}-][^#]*?|-[^\s#][^#]*?):(?:\s+(.*))?$/;
const ITEM = /^-(?:\s|$)/;
const SEPARATOR = /^(?:---|\.\.\.)(?:\s|$)/;
/** Nothing but an anchor, a tag or a comment: the value is in the lines below. */
const NO_VALUE = /^(?:[&!]\S*(?:\s+|$))*(?:#.*)?$/;
/** The value is the text of the lines below, as it stands. */
const BLOCK_SCALAR = /(?:^|\s)[|>][-+\d]{0,3}(?:\s+#.*)?$/;

/** A line that is not blank. */
interface Line {
  start: number;
  end: number;
  indent: number;
  /** Without its indent. */
  head: string;
}

/** A key or an item that lines further right stand under. */
interface Open {
  indent: number;
  kind: 'section' | 'entry' | 'item';
}

/**
 * Blocks of a YAML text, which is not parsed: no alias is followed. A key whose value stands in the lines below is a
 * heading, as long as all that it stands under are, and so is each key behind such a section; what is under it is code,
 * a block for each item of a list and each stretch between blank lines. Of several documents each has its first entry for a heading.
 */
export function yamlBlocks(text: string): Block[] {
  const lines = linesOf(text);
  const isStream = holdsSeveral(lines);
  const blocks: Block[] = [];
  let open: Open[] = [];
  /** Of the last heading in this document. */
  let lastLevel = 0;
  /** 1 where the document itself is a section. */
  let base = 0;
  let isFirst = true;
  const cover = ({ start, end }: Line, isFresh: boolean) => {
    const last = blocks[blocks.length - 1];
    if (last?.kind === 'code' && !isFresh) last.end = end;
    else blocks.push({ start, end, kind: 'code' });
  };
  const heading = ({ start, indent }: Line, length: number, level: number) => {
    blocks.push({ start: start + indent, end: start + indent + length, kind: 'heading', level });
    lastLevel = level;
  };
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] as Line;
    const { indent, head } = line;
    if (isSeparator(line)) {
      [open, lastLevel, base, isFirst] = [[], 0, 0, true];
      continue;
    }
    const isComment = head.startsWith('#');
    const isItem = ITEM.test(head);
    const above = lines[i - 1];
    const isBroken = !above || isSeparator(above) || above.end + 1 < line.start;
    if (isComment) {
      cover(line, isBroken);
      continue;
    }
    // Items may stand as far left as the key that they are of.
    open = open.filter(
      each => each.indent < indent || (isItem && each.indent === indent && each.kind !== 'item'),
    );
    const isInSections = open.every(({ kind }) => kind === 'section');
    const [, key = '', value = ''] = ENTRY.exec(head) ?? [];
    const isKey = key !== '' && isInSections;
    const level = open.length + 1 + base;
    const isEmpty = NO_VALUE.test(value);
    if (isKey && isEmpty && open.length < DEEPEST && standsAbove(line, lines[i + 1])) {
      heading(line, key.trimEnd().length, level);
      open.push({ indent, kind: 'section' });
    } else if (isKey && isStream && isFirst && indent === 0 && head.length < MAX_NAME) {
      base = 1;
      heading(line, head.length, 1);
    } else if (isKey && !isEmpty && lastLevel >= level) {
      // Behind a section an entry is one by itself, for it is no part of that.
      heading(line, key.trimEnd().length, level);
      cover({ ...line, start: line.start + indent + head.indexOf(value, key.length + 1) }, true);
      open.push({ indent, kind: 'entry' });
    } else {
      cover(line, isInSections && (isBroken || (isItem && !above?.head.startsWith('#'))));
      if (isItem || key !== '') open.push({ indent, kind: isItem ? 'item' : 'entry' });
    }
    isFirst = false;
    if (BLOCK_SCALAR.test(head)) {
      for (; (lines[i + 1]?.indent ?? 0) > indent; i++) cover(lines[i + 1] as Line, false);
    }
  }
  return blocks;
}

/** Whether a separator stands between two lines of content. */
function holdsSeveral(lines: readonly Line[]): boolean {
  const first = lines.findIndex(line => !isSeparator(line) && !/^[#%]/.test(line.head));
  const last = lines.findLastIndex(isSeparator);
  return first >= 0 && first < last && last < lines.length - 1;
}

/** Whether the next line holds the value of a key that has none on its own line. */
function standsAbove(key: Line, next: Line | undefined): boolean {
  if (!next) return false;
  return next.indent > key.indent || (next.indent === key.indent && ITEM.test(next.head));
}

function isSeparator({ indent, head }: Line): boolean {
  return indent === 0 && SEPARATOR.test(head);
}

function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    const content = text.slice(start, Math.min(end, start + HEAD)).trimEnd();
    const head = content.trimStart();
    if (head !== '') lines.push({ start, end, indent: content.length - head.length, head });
    start = end + 1;
  }
  return lines;
}
