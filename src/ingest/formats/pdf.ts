import type { Format } from '../format.ts';

/** PDF: the words in reading order, with headings, lists, tables where they are plain, and pages. */
export const pdf: Format = {
  id: 'pdf',
  name: 'PDF',
  extensions: ['pdf'],
  // Some programs put a few bytes before the mark.
  owns: ({ head }) => /^[^%]{0,32}%PDF-\d/.test(head) || /[^\t\n\r -~][\s\S]*%PDF-\d\.\d/.test(head),
  async parse(source) {
    const { readPdf } = await import('./pdf/read-pdf.ts');
    return readPdf(source.bytes);
  },
};
