import type { Format } from '../format.ts';

/** YAML: the source, which is written to be read, with a section for each key that holds others. */
export const yaml: Format = {
  id: 'yaml',
  name: 'YAML',
  extensions: ['yaml', 'yml', 'cff'],
  startsLike: head => /^%YAML \d/.test(head),
  async parse(source) {
    const text = source.text();
    const { yamlBlocks } = await import('./yaml/blocks.ts');
    return { text, blocks: yamlBlocks(text) };
  },
};
