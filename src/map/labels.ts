import { wordsOf } from './words.ts';

const WORDS_A_LABEL = 3;
/** Letters from which on a word is not held to be one of grammar. */
const FULL_LENGTH = 5;

/**
 * A few words for each cluster that tell it from the others: TF-IDF over clusters in place of texts (Grootendorst
 * 2022), with texts counted rather than occurrences, so that one text that repeats itself does not name its cluster.
 * A word of grammar is as common elsewhere and falls out; where it is not, as in the one cluster of a language, it
 * stands in nearly every text and is short, and both count against it. `texts` holds some of each cluster.
 */
export function labelClusters(texts: readonly (readonly string[])[]): string[] {
  const counts = texts.map(countTexts);
  const rate = (cluster: number, word: string) =>
    (counts[cluster]?.get(word) ?? 0) / Math.max(1, texts[cluster]?.length ?? 0);
  const totals = new Map<string, number>();
  counts.forEach((words, cluster) => {
    for (const word of words.keys()) totals.set(word, (totals.get(word) ?? 0) + rate(cluster, word));
  });
  return texts.map((own, cluster) => {
    const least = own.length > 8 ? 2 : 1;
    const floor = 0.5 / Math.max(1, own.length);
    const scored: [word: string, score: number][] = [];
    for (const [word, count] of counts[cluster] ?? []) {
      if (count < least) continue;
      const here = rate(cluster, word);
      const elsewhere = ((totals.get(word) ?? here) - here) / Math.max(1, texts.length - 1);
      const contrast = Math.log((here + floor) / (elsewhere + floor));
      if (contrast <= 0) continue;
      scored.push([word, here * (1.1 - here) * contrast * Math.min(1, weightOf(word))]);
    }
    scored.sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
    return distinct(scored.map(([word]) => word))
      .map(word => asWritten(word, own))
      .join(', ');
  });
}

/** In how many texts each word stands, in lower case. */
function countTexts(texts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) {
    const words = new Set<string>();
    for (const word of wordsOf(text)) words.add(word.toLowerCase());
    for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return counts;
}

/** A sign of Chinese says as much as two letters. */
function weightOf(word: string): number {
  return (/\p{sc=Han}/u.test(word) ? 2.5 * word.length : word.length) / FULL_LENGTH;
}

/** The first few, without forms of a word that is there already. */
function distinct(words: readonly string[]): string[] {
  const kept: string[] = [];
  for (const word of words) {
    if (kept.length === WORDS_A_LABEL) break;
    if (
      !kept.some(
        other => word.startsWith(other) || other.startsWith(word.slice(0, Math.max(4, word.length - 2))),
      )
    )
      kept.push(word);
  }
  return kept;
}

/** A word as it mostly stands in the texts: German writes its nouns large. */
function asWritten(word: string, texts: readonly string[]): string {
  const forms = new Map<string, number>();
  for (const text of texts) {
    for (const form of wordsOf(text)) {
      if (form.toLowerCase() === word) forms.set(form, (forms.get(form) ?? 0) + 1);
    }
  }
  return [...forms].sort(([a, x], [b, y]) => y - x || (a < b ? 1 : -1))[0]?.[0] ?? word;
}
