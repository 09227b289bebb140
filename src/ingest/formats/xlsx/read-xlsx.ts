import { VecdropError } from '../../../domain/errors.ts';
import { DocumentWriter } from '../../document-writer.ts';
import type { Parsed } from '../../format.ts';
import { broken } from '../../limits.ts';
import { child, childrenOf, type Element, isElement, textOf } from '../../markup.ts';
import { RecordWriter } from '../../record-writer.ts';
import { XmlPackage } from '../ooxml/package.ts';
import { type NumberFormat, numberFormats } from './number-formats.ts';

const KIND = 'an Excel workbook';

/** The sheets of a workbook in their order, hidden ones left out; values as they are shown where that is known. */
export function readXlsx(bytes: Uint8Array): Parsed {
  const parts = new XmlPackage(bytes);
  const main = parts.main(KIND);
  if (/\.bin$/i.test(main)) {
    throw new VecdropError(
      'file/unsupported',
      'This file is a binary Excel workbook. Save it as .xlsx or CSV and add that.',
    );
  }
  const workbook = child(parts.xml(main), 'workbook');
  if (!workbook) throw broken(KIND);
  const related = parts.relations(main);
  const part = (type: string) => {
    const found = related.find(relation => relation.type === type);
    return found && parts.xml(found.target);
  };
  const strings = childrenOf(child(part('sharedStrings'), 'sst'), 'si').map(richText);
  const since1904 = /^(1|true)$/.test(child(workbook, 'workbookPr')?.attributes.date1904 ?? '');
  const formats = numberFormats(child(part('styles'), 'styleSheet'), since1904);
  const sheets = childrenOf(child(workbook, 'sheets'), 'sheet').filter(
    ({ attributes }) => !/hidden/i.test(attributes.state ?? ''),
  );
  const writer = new DocumentWriter();
  for (const sheet of sheets) {
    const target = related.find(({ id }) => id === sheet.attributes['r:id'])?.target;
    const data = child(child(target === undefined ? undefined : parts.xml(target), 'worksheet'), 'sheetData');
    if (sheets.length > 1 && data && data.children.length > 0) writer.heading(1, sheet.attributes.name ?? '');
    const records = new RecordWriter(writer);
    for (const row of childrenOf(data, 'row')) {
      const values = valuesOf(row, strings, formats);
      if (values.some(value => value !== '')) records.add(values);
    }
    records.end();
  }
  return writer.finish(parts.properties());
}

function valuesOf(row: Element, strings: readonly string[], formats: readonly NumberFormat[]): string[] {
  const values: string[] = [];
  for (const cell of childrenOf(row, 'c')) {
    const column = columnOf(cell.attributes.r) ?? values.length;
    while (values.length < column) values.push('');
    values[column] = shownValue(cell, strings, formats).trim();
  }
  return values;
}

function shownValue(cell: Element, strings: readonly string[], formats: readonly NumberFormat[]): string {
  const raw = textOf(child(cell, 'v') ?? '');
  switch (cell.attributes.t) {
    case 's':
      return strings[Number(raw)] ?? '';
    case 'inlineStr': {
      const inline = child(cell, 'is');
      return inline ? richText(inline) : '';
    }
    case 'b':
      return raw === '1' ? 'TRUE' : 'FALSE';
    case 'str':
    case 'e':
    case 'd':
      return raw;
    default:
      return raw === '' ? '' : (formats[Number(cell.attributes.s ?? '0')]?.(raw) ?? raw);
  }
}

/** Runs of a rich text, without the readings that stand above Japanese. */
function richText(item: Element): string {
  return item.children
    .filter(isElement)
    .map(node => (node.name === 't' ? textOf(node) : node.name === 'r' ? textOf(child(node, 't') ?? '') : ''))
    .join('');
}

/** 'AB12' → 27; undefined beyond the last column there is. */
function columnOf(reference: string | undefined): number | undefined {
  const letters = /^[A-Z]{1,3}/.exec(reference ?? '')?.[0];
  if (letters === undefined) return undefined;
  let column = 0;
  for (const letter of letters) column = column * 26 + letter.charCodeAt(0) - 64;
  return column <= 16_384 ? column - 1 : undefined;
}
