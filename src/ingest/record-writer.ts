import type { DocumentWriter } from './document-writer.ts';

/** Records looked at before it is decided whether the first one is a header. */
const LOOK_AHEAD = 50;
/** A header is a name: longer ones are values. */
const MAX_NAME = 120;

/**
 * Writes a table of values as rows. With a header each row is lines of 'Header: value', empty values left out, so that
 * a row says what it is wherever it is cut out and found; without one a row is its values on one line.
 */
export class RecordWriter {
  #header: readonly string[] | undefined;
  #waiting: (readonly string[])[] | undefined = [];
  readonly #writer: DocumentWriter;

  /** `header`: the names, where they are known; else the first record is looked at. */
  constructor(writer: DocumentWriter, header?: readonly string[]) {
    this.#writer = writer;
    if (header) {
      this.#header = header;
      this.#waiting = undefined;
    }
  }

  add(record: readonly string[]): void {
    if (!this.#waiting) {
      this.#write(record);
      return;
    }
    this.#waiting.push(record);
    if (this.#waiting.length >= LOOK_AHEAD) this.end();
  }

  /** Writes what was held back. */
  end(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    const [first, ...rest] = waiting;
    if (!first) return;
    if (isHeader(first, rest)) this.#header = first.map(name => name.trim().replace(/\s+/g, ' '));
    else this.#write(first);
    for (const record of rest) this.#write(record);
  }

  #write(record: readonly string[]): void {
    if (!this.#header) {
      this.#writer.add('row', record.map(value => value.trim().replace(/\s*\n\s*/g, ' ')).join(' | '), {
        gap: '\n',
      });
      return;
    }
    let text = '';
    for (let i = 0; i < record.length; i++) {
      const value = record[i]?.trim();
      if (!value) continue;
      const name = this.#header[i];
      text += `${text && '\n'}${name ? `${name}: ` : ''}${value}`;
    }
    this.#writer.add('row', text);
  }
}

/** Names that are there, differ, are no numbers and no values of their own columns. */
function isHeader(first: readonly string[], rest: readonly (readonly string[])[]): boolean {
  const names = first.map(name => name.trim());
  while (names.length > 0 && names[names.length - 1] === '') names.pop();
  const filled = names.filter(name => name !== '');
  // A blank first name stands above the names of the rows.
  if (rest.length === 0 || filled.length === 0 || filled.length < names.length - 1) return false;
  if (filled.some(name => name.length > MAX_NAME || isQuantity(name))) return false;
  if (new Set(filled).size < filled.length) return false;
  const values = (i: number) => rest.map(record => record[i]?.trim() ?? '');
  return names.every((name, i) => name === '' || !values(i).includes(name));
}

/** A number, a price, a date or a truth value: nothing that a column is called. Years are. */
function isQuantity(text: string): boolean {
  if (/^(1[89]|20)\d\d$/.test(text)) return false;
  return /^[-+(]?[$€£¥]?\s?[\d.,' ]*\d[\d.,']*\s?[%$€£¥)]?$|^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|^(true|false)$/i.test(
    text,
  );
}
