import type { Format } from '../format.ts';

/** Excel workbooks: the values of every sheet, a row with its headers. */
export const xlsx: Format = {
  id: 'xlsx',
  name: 'Excel',
  extensions: ['xlsx', 'xlsm', 'xltx'],
  owns: ({ entries }) => entries !== undefined && [...entries].some(name => name.startsWith('xl/')),
  async parse(source) {
    const { readXlsx } = await import('./xlsx/read-xlsx.ts');
    return readXlsx(source.bytes);
  },
};
