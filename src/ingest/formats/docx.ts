import type { Format } from '../format.ts';

/** Word documents, and what other programs save as such. */
export const docx: Format = {
  id: 'docx',
  name: 'Word',
  extensions: ['docx', 'docm', 'dotx', 'dotm'],
  owns: ({ entries }) => entries !== undefined && [...entries].some(name => name.startsWith('word/')),
  async parse(source) {
    const { readDocx } = await import('./docx/read-docx.ts');
    return readDocx(source.bytes);
  },
};
