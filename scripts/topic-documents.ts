import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Paragraphs of several topics, one after the other, and where the topics change (UTF-16 offsets). */
export interface TopicDocument {
  text: string;
  boundaries: number[];
}

const DOCUMENTS = { tuning: 20, heldOut: 40 };

/**
 * Documents of three to six stretches, each one to four paragraphs of a topic, the same each time. `folder` has a
 * file a topic, with blank lines between paragraphs. Topics of one set are not in the other.
 */
export async function topicDocuments(
  folder: string,
): Promise<{ tuning: TopicDocument[]; heldOut: TopicDocument[] }> {
  const names = (await readdir(folder)).filter(name => name.endsWith('.txt')).sort();
  const topics = await Promise.all(
    names.map(async name => (await readFile(join(folder, name), 'utf8')).trim().split(/\n\n+/)),
  );
  const next = random(3);
  const make = (from: readonly string[][], count: number) =>
    Array.from({ length: count }, () => documentOf(from, next));
  return {
    tuning: make(
      topics.filter((_, i) => i % 2 === 0),
      DOCUMENTS.tuning,
    ),
    heldOut: make(
      topics.filter((_, i) => i % 2 === 1),
      DOCUMENTS.heldOut,
    ),
  };
}

function documentOf(topics: readonly string[][], next: () => number): TopicDocument {
  const order = topics.map(paragraphs => ({ paragraphs, key: next() })).sort((a, b) => a.key - b.key);
  const boundaries: number[] = [];
  let text = '';
  for (const { paragraphs } of order.slice(0, 3 + Math.floor(next() * 4))) {
    const count = 1 + Math.floor(next() * 4);
    const first = Math.floor(next() * (paragraphs.length - count + 1));
    if (text !== '') boundaries.push(text.length + 2);
    text += `${text === '' ? '' : '\n\n'}${paragraphs.slice(first, first + count).join('\n\n')}`;
  }
  return { text, boundaries };
}

/** Numbers from 0 to 1, the same each time. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
