import type { Format } from '../format.ts';

/** PowerPoint presentations: a slide a page, with its notes. */
export const pptx: Format = {
  id: 'pptx',
  name: 'PowerPoint',
  extensions: ['pptx', 'pptm', 'ppsx', 'ppsm', 'potx'],
  owns: ({ entries }) => entries !== undefined && [...entries].some(name => name.startsWith('ppt/')),
  async parse(source) {
    const { readPptx } = await import('./pptx/read-pptx.ts');
    return readPptx(source.bytes);
  },
};
