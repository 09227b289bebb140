/**
 * Merges of byte-pair encoding, best first, trained on words given as lists of symbols, each word counting once.
 * Of pairs equally frequent the one met first is taken, so that the same words give the same merges.
 */
export function trainBpe(words: readonly (readonly string[])[], count: number): [string, string][] {
  const merges: [string, string][] = [];
  let split = words.map(word => [...word]);
  while (merges.length < count) {
    const pair = mostFrequent(split);
    if (pair === undefined) break;
    merges.push(pair);
    split = split.map(word => merged(word, pair));
  }
  return merges;
}

function mostFrequent(words: readonly string[][]): [string, string] | undefined {
  const counts = new Map<string, { pair: [string, string]; count: number }>();
  for (const word of words) {
    for (let i = 1; i < word.length; i++) {
      const pair: [string, string] = [word[i - 1] as string, word[i] as string];
      const key = pair.join('\0');
      const found = counts.get(key);
      if (found) found.count++;
      else counts.set(key, { pair, count: 1 });
    }
  }
  let best: { pair: [string, string]; count: number } | undefined;
  for (const one of counts.values()) if (one.count > (best?.count ?? 1)) best = one;
  return best?.pair;
}

function merged(word: string[], [left, right]: [string, string]): string[] {
  const result: string[] = [];
  for (let i = 0; i < word.length; i++) {
    if (word[i] === left && word[i + 1] === right) {
      result.push(left + right);
      i++;
    } else result.push(word[i] as string);
  }
  return result;
}
