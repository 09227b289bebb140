import type { Format } from '../format.ts';

/** OpenDocument texts, spreadsheets and presentations. */
export const odf: Format = {
  id: 'odf',
  name: 'OpenDocument',
  extensions: ['odt', 'ott', 'ods', 'ots', 'odp', 'otp', 'fodt'],
  owns: ({ mimetype, head }) =>
    mimetype?.startsWith('application/vnd.oasis.opendocument.') === true ||
    /^<\?xml[^>]*>\s*<office:document\b/.test(head),
  async parse(source) {
    const { readOdf } = await import('./odf/read-odf.ts');
    return readOdf(source);
  },
};
