import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { characterRecall, wordOrder } from './corpus-measures.ts';
import { readDocument } from './read-document.ts';

const FOLDER = 'e2e/fixtures/formats';
const files = readdirSync(`${FOLDER}/files`).sort();

/** Files whose expected text is not called like what stands before their first hyphen. */
const EXPECTED: Record<string, string> = {
  'river-python.eml': 'river-mail',
  'garten-python.eml': 'garten-mail',
  'handbook-html.eml': 'handbook-mail',
  'river.srt': 'subtitles',
  'river.vtt': 'subtitles',
  'feed-feedgen.rss': 'feed-rss',
  'feed-feedgen.atom': 'feed-atom',
  'garten-pysubs2.srt': 'garten-subtitles',
  'garten-pysubs2.vtt': 'garten-subtitles',
};

describe('files of other programs come out as the text that they were made from', () => {
  it('covers at least sixty files', () => {
    expect(files.length).toBeGreaterThanOrEqual(60);
  });

  it.each(files)('%s', async name => {
    const bytes = readFileSync(`${FOLDER}/files/${name}`);
    const { document } = await readDocument(new Uint8Array(bytes), name);
    const expected = readFileSync(
      `${FOLDER}/expected/${EXPECTED[name] ?? name.split(/[-.]/, 1)[0]}.txt`,
      'utf8',
    );
    const measures = {
      recall: characterRecall(expected, document.text),
      order: wordOrder(expected, document.text),
    };
    if (process.env.CORPUS)
      console.log(`${name}\t${measures.recall.toFixed(3)}\t${measures.order.toFixed(3)}`);
    expect(measures.recall).toBeGreaterThanOrEqual(0.98);
    expect(measures.order).toBeGreaterThanOrEqual(0.97);
  });
});
