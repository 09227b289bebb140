/** Numbers from 0 to 1, the same each time. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const BEFORE = ['', '', '', '', 'un', 're', 'over', 'out', 'under', 'sea', 'mid', 'fore'];
const AFTER = ['', '', 's', 'ed', 'ing', 'er', 'ly', 'ness', 'less', 'ful', 'ward', 'man', 'ton', 'ley'];

/** Different words of a text of some megabytes, by Heaps' law. */
const WORDS = 40_000;

/** Writes on and on: each call gives the next text, a little longer than asked for. */
type EnglishWriter = (length: number) => string;

/**
 * English to read, ASCII, the same each time: words of `sample` and words derived from them, drawn by Zipf's law from
 * 40,000 different ones, so that no tokenizer's cache of words sees more of them again than in a book; sentences of 6
 * to 25 words with commas, names, numbers and quotes, paragraphs of 3 to 8 sentences. `rare` is the share of words that
 * are made up and come once: a large collection has new names and numbers on every page.
 */
export function englishWriter(sample: string, rare = 0): EnglishWriter {
  const next = random(7);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)] as T;
  const known = [...new Set(sample.toLowerCase().match(/[a-z]{2,}/g) ?? [])];
  const words = new Set([
    'the',
    'of',
    'and',
    'to',
    'a',
    'in',
    'is',
    'it',
    'that',
    'was',
    'for',
    'on',
    ...known,
  ]);
  while (words.size < WORDS)
    words.add(pick(BEFORE) + pick(known) + pick(AFTER) + (next() < 0.2 ? pick(known) : ''));
  const lexicon = [...words];
  let names = 0;
  // Rank r is drawn in proportion to 1 / r.
  const common = () => lexicon[Math.floor(lexicon.length ** next()) - 1] ?? 'the';
  const word = rare === 0 ? common : () => (next() < rare ? madeName(names++) : common());
  return length => {
    const paragraphs: string[] = [];
    for (let written = 0; written < length; ) {
      const sentences = Array.from({ length: 3 + Math.floor(next() * 6) }, () => sentence(word, next));
      const paragraph = sentences.join(' ');
      paragraphs.push(paragraph);
      written += paragraph.length + 2;
    }
    return paragraphs.join('\n\n');
  };
}

/** So many characters of it. */
export function englishText(sample: string, length: number): string {
  return englishWriter(sample)(length).slice(0, length);
}

const CONSONANTS = 'bcdfghjklmnprstvwz';
const VOWELS = 'aeiou';

/** A word of four syllables, another for each number below 65 million. */
function madeName(n: number): string {
  const kinds = CONSONANTS.length * VOWELS.length;
  let name = '';
  for (let i = 0, left = n * 7919; i < 4; i++, left = Math.floor(left / kinds))
    name += (CONSONANTS[(left % kinds) % 18] ?? '') + (VOWELS[Math.floor((left % kinds) / 18)] ?? '');
  return name;
}

function sentence(word: () => string, next: () => number): string {
  const words = Array.from({ length: 6 + Math.floor(next() * 20) }, () => {
    const chance = next();
    if (chance < 0.01) return String(Math.floor(next() * 2000));
    if (chance < 0.04) return capital(word());
    if (chance < 0.1) return `${word()},`;
    return chance < 0.11 ? `"${word()}"` : word();
  });
  return `${capital(words.join(' '))}${next() < 0.05 ? '?' : '.'}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
