import type { Format } from '../format.ts';

/** Rich Text Format, as word processors exchange it. */
export const rtf: Format = {
  id: 'rtf',
  name: 'RTF',
  extensions: ['rtf'],
  owns: ({ head }) => head.startsWith('{\\rtf'),
  async parse(source) {
    const { readRtf } = await import('./rtf/read-rtf.ts');
    return readRtf(source.bytes);
  },
};
