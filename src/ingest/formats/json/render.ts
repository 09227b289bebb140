import { DocumentWriter } from '../../document-writer.ts';
import type { Parsed } from '../../format.ts';
import { type Json, type Members, parseJson } from './value.ts';

/** Longer runs of numbers and short words are broken into lines of about this many characters. */
const LINE = 100;

/** A JSON text as a document: records as rows, members of an object as paragraphs, lists of records under a heading. */
export function readJson(text: string): Parsed | undefined {
  const value = parseJson(text);
  if (value === undefined) return undefined;
  const writer = new DocumentWriter();
  writeData(value, writer);
  return writer.finish();
}

/** A record a line; a line that is no JSON stands as it is. */
export function readJsonLines(text: string): Parsed {
  const writer = new DocumentWriter();
  for (let at = 0; at < text.length; ) {
    const newline = text.indexOf('\n', at);
    const end = newline < 0 ? text.length : newline;
    const line = text.slice(at, end);
    const value = parseJson(line);
    writer.add('row', value === undefined ? line : lines(value).join('\n'));
    at = end + 1;
  }
  return writer.finish();
}

/** Writes a value: lists of records as rows, under the names that lead to them. A member without a name has only its value. */
export function writeData(value: Json, writer: DocumentWriter, level = 1): void {
  if (Array.isArray(value)) {
    const gap = value.some(isRecord) ? '\n\n' : '\n';
    for (const item of value) writer.add('row', lines(item).join('\n'), { gap });
    return;
  }
  if (!isMembers(value)) {
    writer.add('paragraph', lines(value).join('\n'));
    return;
  }
  let plain: Members['members'] = [];
  const flush = () => {
    writer.add('paragraph', memberLines(plain).join('\n'));
    plain = [];
  };
  for (const member of value.members) {
    const [key, inner] = member;
    if (!holdsRecords(inner)) {
      plain.push(member);
      continue;
    }
    flush();
    writer.heading(level, key);
    writeData(inner, writer, level + 1);
  }
  flush();
}

/** A list of records, or an object with such a list in it. */
function holdsRecords(value: Json): boolean {
  if (Array.isArray(value)) return value.length > 0 && value.every(isRecord);
  return isMembers(value) && value.members.some(([, inner]) => holdsRecords(inner));
}

function isMembers(value: Json): value is Members {
  return typeof value === 'object' && 'members' in value;
}

function isRecord(value: Json): boolean {
  return isMembers(value) || Array.isArray(value);
}

/** A value as lines: 'key: value', what is within by two blanks further right, '- ' before what is in a list. */
function lines(value: Json): string[] {
  if (typeof value === 'string') return value.split('\n');
  if (Array.isArray(value)) {
    if (value.every(isShort)) return wrapped(value.map(scalarText));
    return value.flatMap(item => {
      const [first = '', ...rest] = lines(item);
      return [`- ${first}`, ...rest.map(line => `  ${line}`)];
    });
  }
  return isMembers(value) ? memberLines(value.members) : [value.literal];
}

/** null and what is empty say nothing, and are left out. */
function memberLines(members: Members['members']): string[] {
  return members.flatMap(([key, value]) => {
    const inner = lines(value);
    if (isEmpty(value)) return [];
    if (isRecord(value) && !(Array.isArray(value) && inner.length === 1 && value.every(isShort))) {
      return [`${key}:`, ...inner.map(line => `  ${line}`)];
    }
    const [first, ...rest] = inner;
    return [key === '' ? `${first}` : `${key}: ${first}`, ...rest];
  });
}

function isEmpty(value: Json): boolean {
  if (typeof value === 'string' || Array.isArray(value)) return value.length === 0;
  return isMembers(value) ? value.members.length === 0 : value.literal === 'null';
}

function isShort(value: Json): boolean {
  if (typeof value === 'string') return value.length <= 60 && !value.includes('\n');
  return !isRecord(value);
}

function scalarText(value: Json): string {
  return typeof value === 'string' ? value : (value as { literal: string }).literal;
}

function wrapped(words: readonly string[]): string[] {
  const out: string[] = [];
  let line = '';
  for (const word of words) {
    if (line.length + word.length > LINE && line !== '') {
      out.push(`${line},`);
      line = word;
    } else line = line === '' ? word : `${line}, ${word}`;
  }
  return [...out, line];
}
