/** Scripts that put no blanks between words. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\u3000-\u303f\uff00-\uff60]/u;

/**
 * Lines of a paragraph as one. A word that was hyphenated at a line's end is made whole, unless the text has it with
 * its hyphen elsewhere and not without; `words` says how often it has each word.
 */
export function joinLines(lines: readonly string[], words: ReadonlyMap<string, number>): string {
  let text = '';
  for (const line of lines) text = text === '' ? line : joinTwo(text, line, words);
  return text;
}

function joinTwo(text: string, line: string, words: ReadonlyMap<string, number>): string {
  const end = /([\p{L}\p{M}]+(?:-[\p{L}\p{M}]+)*)([-\u00ad\u2010])$/u.exec(text.slice(-100));
  const begin = /^[\p{L}\p{M}]+/u.exec(line)?.[0];
  if (end && begin) {
    const [, head = '', hyphen] = end;
    const whole = text.slice(0, -1) + line;
    if (hyphen === '\u00ad') return whole;
    const joined = words.get((head + begin).toLowerCase()) ?? 0;
    const hyphenated = words.get(`${head}-${begin}`.toLowerCase()) ?? 0;
    const isBroken = /^\p{Ll}/u.test(begin) && !head.includes('-');
    return hyphenated > joined || !(isBroken || joined > 0) ? text + line : whole;
  }
  if (/[\u2013\u2014/]$/.test(text) && /^\S/.test(line) && !/\s[\u2013\u2014/]$/.test(text))
    return text + line;
  const last = text.at(-1) ?? '';
  // Thai's sign of repetition stands behind a blank.
  if (UNSPACED.test(last) && !line.startsWith('ๆ') && UNSPACED.test(line[0] ?? '')) return text + line;
  return `${text} ${line}`;
}
