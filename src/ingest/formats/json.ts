import type { Format } from '../format.ts';
import { codeBlocks } from './code-blocks.ts';

/** Data as keys and values that a person can read; of what is no JSON after all, the source. */
export const json: Format = {
  id: 'json',
  name: 'JSON',
  extensions: ['json', 'geojson', 'webmanifest', 'har', 'topojson'],
  async parse(source) {
    const text = source.text();
    const { readJson } = await import('./json/render.ts');
    return readJson(text) ?? { text, blocks: codeBlocks(text) };
  },
};

/** A record a line. */
export const jsonLines: Format = {
  id: 'jsonl',
  name: 'JSON Lines',
  extensions: ['jsonl', 'ndjson', 'jsonlines'],
  async parse(source) {
    const { readJsonLines } = await import('./json/render.ts');
    return readJsonLines(source.text());
  },
};
