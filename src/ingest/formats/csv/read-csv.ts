import Papa from 'papaparse';
import { DocumentWriter } from '../../document-writer.ts';
import type { Parsed } from '../../format.ts';
import { RecordWriter } from '../../record-writer.ts';

/** What the separator is guessed by: guessing reads ten records, and one may be the whole file. */
const SAMPLE = 65_536;

/** A table of values: by the separator that its name or its first line gives, else by the one that fits best. */
export function readCsv(text: string, path: string): Parsed {
  const named = /^sep=(.)\n/i.exec(text);
  const body = named ? text.slice(named[0].length) : text;
  const writer = new DocumentWriter();
  const records = new RecordWriter(writer);
  Papa.parse<string[]>(body, {
    delimiter: named?.[1] ?? separator(body, path),
    skipEmptyLines: 'greedy',
    newline: '\n',
    step: ({ data }) => records.add(data),
  });
  records.end();
  return writer.finish();
}

function separator(text: string, path: string): string {
  if (/\.(tsv|tab)$/i.test(path)) return '\t';
  if (/\.psv$/i.test(path)) return '|';
  const sample = text.length > SAMPLE ? text.slice(0, Math.max(1, text.lastIndexOf('\n', SAMPLE))) : text;
  const { meta } = Papa.parse(sample, {
    preview: 10,
    skipEmptyLines: 'greedy',
    delimitersToGuess: [',', '\t', ';', '|'],
  });
  return meta.delimiter || ',';
}
