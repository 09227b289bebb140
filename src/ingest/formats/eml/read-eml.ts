import { DocumentWriter } from '../../document-writer.ts';
import { decode } from '../../encoding.ts';
import type { Parsed } from '../../format.ts';
import { mainContent } from '../html/main-content.ts';
import { declaredEncoding, parseHtml } from '../html/read-html.ts';
import { renderHtml } from '../html/render.ts';
import { decodeWords, type Part, parsePart } from './mime.ts';

const SHOWN = ['from', 'to', 'cc', 'date'] as const;

/** A message: subject, addresses and date, text (what it quotes as quotes), messages in it, names of what is attached. */
export function readEml(bytes: Uint8Array): Parsed {
  const message = parsePart(new TextDecoder('latin1').decode(bytes).replace(/^From .*\r?\n/, ''));
  const writer = new DocumentWriter();
  writeMessage(message, writer, 1);
  return writer.finish({
    title: decodeWords(message.headers.get('subject') ?? ''),
    language: message.headers.get('content-language'),
  });
}

function writeMessage(message: Part, writer: DocumentWriter, level: number): void {
  writer.heading(level, decodeWords(message.headers.get('subject') ?? ''));
  const lines = SHOWN.flatMap(name => {
    const value = message.headers.get(name);
    return value ? [`${name[0]?.toUpperCase()}${name.slice(1)}: ${decodeWords(value)}`] : [];
  });
  writer.add('paragraph', lines.join('\n'));
  const attached: string[] = [];
  writePart(message, writer, level, attached);
  if (attached.length > 0) writer.add('paragraph', `Attachments: ${attached.join(', ')}`);
}

function writePart(part: Part, writer: DocumentWriter, level: number, attached: string[]): void {
  if (part.isAttachment || (part.parts.length === 0 && !part.type.startsWith('text/'))) {
    if (part.filename && part.type !== 'multipart/alternative') attached.push(part.filename);
    return;
  }
  if (part.type === 'message/rfc822') {
    for (const inner of part.parts) writeMessage(inner, writer, level + 1);
  } else if (part.type === 'multipart/alternative') {
    const chosen = part.parts.find(isWholeText) ?? part.parts.at(-1);
    if (chosen) writePart(chosen, writer, level, attached);
  } else if (part.parts.length > 0) {
    for (const inner of part.parts) writePart(inner, writer, level, attached);
  } else if (part.type === 'text/html') {
    const { text } = decode(part.bytes, part.charset ?? declaredEncoding(part.bytes));
    renderHtml(mainContent(parseHtml(text)), writer);
  } else if (part.type === 'text/plain' || part.type === 'text/markdown')
    writeText(decode(part.bytes, part.charset).text, writer);
  else if (part.filename) attached.push(part.filename);
}

/** A plain text that is more than 'Your program cannot show this message.' */
function isWholeText(part: Part): boolean {
  return part.type === 'text/plain' && part.bytes.length > 120;
}

/** Paragraphs between blank lines; those of which each line begins with '>' are quotes. What follows '-- ' is a signature. */
function writeText(text: string, writer: DocumentWriter): void {
  for (const paragraph of text.split(/\n[^\S\n]*\n|\n(?=>)(?<=\n[^>\n][^\n]*\n)/)) {
    const lines = paragraph.split('\n').filter(line => line.trim() !== '');
    if (lines.length > 0 && lines.every(line => line.startsWith('>'))) {
      writer.add('quote', lines.map(line => line.replace(/^[>\s]+/, '')).join('\n'));
    } else if (lines.length > 1 && lines.every(line => /^\s*[-*•] /.test(line)))
      writer.add('list', lines.join('\n'));
    else writer.add('paragraph', lines.join('\n'));
  }
}
