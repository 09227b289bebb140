/** What goes with the line below it: comments, decorators, attributes, a template's parameters. */
const BELONGS_BELOW =
  /^(\/\/|\/\*|\*|#(?!(include|define|if|ifdef|ifndef|endif|else|elif|pragma|import|undef)\b)|--|;|%|<!--|@\w|\[<?\w[^\]]*\]\s*$|template\s*<|"""|''')/;

/** What goes with the line above it. */
const BELONGS_ABOVE =
  /^([\])}>]|\{\s*$|(end|else|elif|elsif|elseif|except|finally|catch|rescue|ensure|then|do|done|fi|esac|begin|where|in)\b)/;

/** Nestings that are told apart; what is deeper is cut by lines. */
const DEEPEST = 4;

interface Line {
  start: number;
  depth: number;
  below: boolean;
  above: boolean;
  afterBlank: boolean;
}

/**
 * Where the definitions and statements of a program start, by how deep they are nested: in the list at [d] are all up
 * to depth d, ascending. Comments and decorators count to what they stand above. No grammar is known: depth is told
 * by indentation, and by braces where a program has none.
 */
export function definitionStarts(text: string): number[][] {
  const lines = linesOf(text);
  const starts: number[][] = [];
  for (let depth = 0; depth < DEEPEST; depth++) {
    const found: number[] = [];
    let before: Line | undefined;
    for (const line of lines) {
      if (line.depth <= depth && !line.above) {
        const attached = before?.below && before.depth === line.depth && !line.afterBlank;
        if (!attached) found.push(line.start);
      }
      before = line;
    }
    starts.push(found);
  }
  return starts;
}

function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  const byBraces = !/\n[ \t]+\S/.test(text);
  const open: number[] = [];
  let braces = 0;
  let blank = false;
  /** The first line of the block comment that goes on here, and where that ends. */
  let comment: { first: Line; end: number } | undefined;
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    // Marks stand at a line's beginning; a line may be megabytes long.
    const content = text.slice(start, Math.min(end, start + 400));
    const bare = content.trimStart();
    if (comment && start < comment.end) {
      // Its lines are indented as they please.
      if (bare !== '') lines.push({ ...comment.first, start, afterBlank: false });
    } else if (bare === '') blank = true;
    else {
      const above = BELONGS_ABOVE.test(bare);
      const indent = content.slice(0, content.length - bare.length).replaceAll('\t', '    ').length;
      while (open.length > 0 && (open.at(-1) as number) >= indent) open.pop();
      const closing = /^[\])}]+/.exec(bare)?.[0].length ?? 0;
      const depth = byBraces ? Math.max(0, braces - closing) : open.length;
      open.push(indent);
      const line = { start, depth, below: BELONGS_BELOW.test(bare), above, afterBlank: blank };
      lines.push(line);
      if (bare.startsWith('/*')) comment = { first: line, end: text.indexOf('*/', start) };
      if (byBraces) braces = Math.max(0, braces + braceBalance(bare));
      blank = false;
    }
    start = end + 1;
  }
  return lines;
}

/** Brackets that a line opens and does not close, strings and what follows // aside. */
function braceBalance(line: string): number {
  const code = line.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`|\/\/.*$/g, '');
  let balance = 0;
  for (const mark of code) {
    if ('([{'.includes(mark)) balance++;
    else if (')]}'.includes(mark)) balance--;
  }
  return balance;
}
