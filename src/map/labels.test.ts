import { expect, it } from 'vitest';
import { labelClusters } from './labels.ts';
import { seededRandom } from './random.ts';
import { wordsOf } from './words.ts';

const GRAMMAR = 'the of and a to in that is was it for on with as'.split(' ');
const TOPICS = [
  ['harbour', 'lighthouse', 'anchor', 'vessel'],
  ['oven', 'flour', 'butter', 'dough'],
  ['violin', 'orchestra', 'melody', 'tempo'],
];

/** Texts of grammar with some words of a topic strewn in, and a few of any. */
function textsOf(topic: readonly string[], count: number, seed: number, grammar = GRAMMAR): string[] {
  const random = seededRandom(seed);
  const any = (words: readonly string[]) => words[Math.floor(random() * words.length)] ?? '';
  return Array.from({ length: count }, () =>
    Array.from({ length: 30 }, () => {
      const dice = random();
      return dice < 0.1 ? any(topic) : dice < 0.13 ? any(TOPICS.flat()) : any(grammar);
    }).join(' '),
  );
}

it('finds the planted words and no word of grammar', () => {
  const labels = labelClusters(TOPICS.map((topic, i) => textsOf(topic, 40, i + 1)));
  labels.forEach((label, i) => {
    const words = label.split(', ');
    expect(words.length).toBe(3);
    for (const word of words) expect(TOPICS[i]).toContain(word);
  });
});

it('the grammar of a language that only one cluster speaks does not name it', () => {
  const german = 'der die das und ist nicht ein eine mit auf von zu den dem'.split(' ');
  const garden = ['Garten', 'Rosen', 'Apfelbaum', 'Gießkanne'];
  const texts = [...TOPICS.map((topic, i) => textsOf(topic, 40, i + 1)), textsOf(garden, 40, 9, german)];
  for (const word of (labelClusters(texts)[3] ?? '').split(', ')) expect(garden).toContain(word);
});

it('one text that repeats itself does not name its cluster', () => {
  const texts = TOPICS.map((topic, i) => textsOf(topic, 40, i + 1));
  texts[0]?.push('zzyzx '.repeat(400));
  expect(labelClusters(texts)[0]).not.toContain('zzyzx');
});

it('reads words of every script, and none from numbers', () => {
  expect([...wordsOf("L'été, 2024: naïve x ﬁsh don’t")]).toEqual(["L'été", 'naïve', 'ﬁsh', 'don’t']);
  expect([...wordsOf('東京の港')]).toContain('東京');
  expect([...wordsOf('สวัสดีชาวโลก')].length).toBeGreaterThan(1);
});

it('clusters without texts have no label', () => {
  expect(labelClusters([[], ['alpha beta']])).toEqual(['', 'alpha, beta']);
});
