/** One character of a pattern's segment. */
type Mark = { kind: 'star' | 'any' } | { kind: 'letters'; negated: boolean; ranges: [string, string][] };

/** One segment of a pattern; 'folders' is `**`: any number of folders, none included. */
type Segment = 'folders' | Mark[];

/** One line of a .gitignore. */
export interface IgnoreRule {
  /** `!`: takes back what an earlier line ignores. */
  negated: boolean;
  foldersOnly: boolean;
  segments: Segment[];
  /** For most rules, bare names and `*.ending`: what the path's last name must be or end with. */
  plain: { text: string; ending: boolean } | undefined;
}

/** UTF-16 units of a line: no path is longer. */
const MAX_LINE = 4096;

/**
 * The rules of a .gitignore (gitignore(5)), in its order. What git cannot read as a pattern
 * matches nothing there nor here.
 */
export function parseGitignore(text: string): IgnoreRule[] {
  return text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .map(parseLine)
    .filter(rule => rule !== undefined);
}

/**
 * Whether rules ignore a path, given by its segments below their .gitignore: the last that fits decides. Undefined
 * where none does. A path within an ignored folder is ignored too; that is for the caller, who does not look into it.
 */
export function ignores(
  rules: readonly IgnoreRule[],
  path: readonly string[],
  isFolder: boolean,
): boolean | undefined {
  const last = path.at(-1) ?? '';
  let letters: string[][] | undefined;
  const rule = rules.findLast(({ foldersOnly, plain, segments }) => {
    if (foldersOnly && !isFolder) return false;
    if (plain) return plain.ending ? last.endsWith(plain.text) : last === plain.text;
    letters ??= path.map(name => [...name]);
    return fits(segments, letters, segment => segment === 'folders', fitsName);
  });
  return rule && !rule.negated;
}

function parseLine(line: string): IgnoreRule | undefined {
  if (line.startsWith('#') || line.length > MAX_LINE) return undefined;
  let pattern = line.trimEnd();
  // A blank at the end counts behind a backslash.
  if (pattern.endsWith('\\') && pattern !== line) pattern += ' ';
  const negated = pattern.startsWith('!');
  if (negated) pattern = pattern.slice(1);
  const foldersOnly = pattern.endsWith('/');
  if (foldersOnly) pattern = pattern.slice(0, -1);
  const anchored = pattern.includes('/');
  const parts = pattern.replace(/^\//, '').split('/');
  if (pattern === '' || parts.includes('')) return undefined;
  const segments: Segment[] = anchored ? [] : ['folders'];
  for (const part of parts) {
    const segment = part === '**' ? 'folders' : parseSegment(part);
    if (!segment) return undefined;
    segments.push(segment);
  }
  // `folder/**` is what lies in the folder, not the folder.
  if (segments.at(-1) === 'folders') segments.push([{ kind: 'star' }]);
  return { negated, foldersOnly, segments, plain: plainName(segments) };
}

function plainName([folders, name, ...more]: readonly Segment[]): IgnoreRule['plain'] {
  if (folders !== 'folders' || !name || name === 'folders' || more.length > 0) return undefined;
  const ending = name[0]?.kind === 'star';
  let text = '';
  for (const mark of ending ? name.slice(1) : name) {
    const [low, high] = (mark.kind === 'letters' && mark.ranges[0]) || [];
    if (mark.kind !== 'letters' || mark.negated || mark.ranges.length > 1 || low !== high) return undefined;
    text += low;
  }
  return { text, ending };
}

function parseSegment(part: string): Mark[] | undefined {
  const letters = [...part];
  const marks: Mark[] = [];
  for (let i = 0; i < letters.length; i++) {
    const letter = letters[i] as string;
    if (letter === '*') marks.push({ kind: 'star' });
    else if (letter === '?') marks.push({ kind: 'any' });
    else if (letter === '[') {
      const set = parseSet(letters, i + 1);
      if (!set) return undefined;
      marks.push(set.mark);
      i = set.end;
    } else {
      const literal = letter === '\\' ? letters[++i] : letter;
      if (literal === undefined) return undefined;
      marks.push({ kind: 'letters', negated: false, ranges: [[literal, literal]] });
    }
  }
  return marks;
}

/** `[a-z]`, `[!0-9]`: from behind the bracket to the closing one, which may stand first as a letter. */
function parseSet(letters: readonly string[], from: number): { mark: Mark; end: number } | undefined {
  const negated = letters[from] === '!' || letters[from] === '^';
  const first = negated ? from + 1 : from;
  const ranges: [string, string][] = [];
  let i = first;
  const next = () => (letters[i] === '\\' ? letters[++i] : letters[i]);
  for (; i < letters.length; i++) {
    if (letters[i] === ']' && i > first) return { mark: { kind: 'letters', negated, ranges }, end: i };
    const low = next();
    let high = low;
    if (letters[i + 1] === '-' && letters[i + 2] !== ']') {
      i += 2;
      high = next();
    }
    if (low === undefined || high === undefined) return undefined;
    ranges.push([low, high]);
  }
  return undefined;
}

function fitsName(segment: Segment, letters: readonly string[]): boolean {
  return segment !== 'folders' && fits(segment, letters, ({ kind }) => kind === 'star', fitsMark);
}

function fitsMark(mark: Mark, letter: string): boolean {
  if (mark.kind !== 'letters') return mark.kind === 'any';
  return mark.ranges.some(([low, high]) => low <= letter && letter <= high) !== mark.negated;
}

/**
 * Whether a pattern with wildcards fits a whole sequence. Only the last wildcard is ever tried again, so the time is at
 * most the product of both lengths, whatever the pattern.
 */
function fits<P, T>(
  pattern: readonly P[],
  sequence: readonly T[],
  isWildcard: (part: P) => boolean,
  fitsOne: (part: P, one: T) => boolean,
): boolean {
  let p = 0;
  let s = 0;
  let wildcard = -1;
  let resume = 0;
  while (s < sequence.length) {
    const part = pattern[p];
    if (part !== undefined && isWildcard(part)) {
      wildcard = p++;
      resume = s;
    } else if (part !== undefined && fitsOne(part, sequence[s] as T)) {
      p++;
      s++;
    } else if (wildcard >= 0) {
      p = wildcard + 1;
      s = ++resume;
    } else return false;
  }
  while (p < pattern.length && isWildcard(pattern[p] as P)) p++;
  return p === pattern.length;
}
