import type { Format } from '../format.ts';

/** Tables of values with a separator: each record a row with its headers. */
export const csv: Format = {
  id: 'csv',
  name: 'CSV',
  extensions: ['csv', 'tsv', 'tab', 'psv'],
  async parse(source) {
    const { readCsv } = await import('./csv/read-csv.ts');
    return readCsv(source.text(), source.path);
  },
};
