/** Words in small letters: runs of letters and digits; each character of scripts without blanks is one. */
function words(text: string): string[] {
  const plain = text.normalize('NFC').toLowerCase();
  return plain.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[\p{L}\p{M}\p{N}]+/gu) ?? [];
}

/** The share of the characters of `expected`'s words that are found in words of `found`, each as often as it comes. */
export function characterRecall(expected: string, found: string): number {
  const left = new Map<string, number>();
  for (const word of words(found)) left.set(word, (left.get(word) ?? 0) + 1);
  let all = 0;
  let there = 0;
  for (const word of words(expected)) {
    all += word.length;
    const count = left.get(word) ?? 0;
    if (count === 0) continue;
    there += word.length;
    left.set(word, count - 1);
  }
  return there / all;
}

/** Twice the longest common subsequence of words, by the words of both: what is too much counts like what is missing. */
export function wordOrder(expected: string, found: string): number {
  const a = words(expected);
  const b = words(found);
  let row = new Uint32Array(b.length + 1);
  for (const word of a) {
    const next = new Uint32Array(b.length + 1);
    for (let j = 1; j <= b.length; j++) {
      next[j] =
        word === b[j - 1] ? (row[j - 1] as number) + 1 : Math.max(next[j - 1] as number, row[j] as number);
    }
    row = next;
  }
  return (2 * (row[b.length] as number)) / (a.length + b.length);
}
