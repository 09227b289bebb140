import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { ROOT } from '../scripts/build.ts';

/** A text as a file of one format. */
export interface FormatFile {
  /** As it is called in the report. */
  format: string;
  path: string;
  text: string;
}

const CHARACTERS = 1_000_000;
/** A file as people have them. */
const FILE_CHARACTERS = 100_000;
const PAGES = 60;
/** Of a printed page of plain text. */
const PAGE_CHARACTERS = 2_900;

/** A megabyte of each text format, in files of about 100 kB: the same English every time, and our own sources. */
export async function textFiles(english: string): Promise<FormatFile[]> {
  const paragraphs = english.slice(0, CHARACTERS).split('\n\n');
  const write: Record<string, (paragraphs: string[]) => string> = {
    txt: all => all.join('\n\n'),
    md: all => all.map(markdown).join('\n\n'),
    html: all => `<!doctype html>\n<html><body><main>${all.map(html).join('\n')}</main></body></html>`,
    csv: all => ['name,place,year,remark', ...all.flatMap(rows)].join('\n'),
    json: all => JSON.stringify(all.map(record), undefined, 2),
    jsonl: all => all.map((paragraph, i) => JSON.stringify(record(paragraph, i))).join('\n'),
  };
  const made = Object.entries(write).flatMap(([format, of]) =>
    inFiles(paragraphs).map((part, i) => ({ format, path: `${i}.${format}`, text: of(part) })),
  );
  const sources = inFiles((await sourceCode()).slice(0, CHARACTERS).split('\n'), 1);
  return [
    ...made,
    ...sources.map((lines, i) => ({ format: 'code', path: `${i}.ts`, text: lines.join('\n') })),
  ];
}

function inFiles(pieces: readonly string[], gap = 2): string[][] {
  const files: string[][] = [[]];
  let length = 0;
  for (const piece of pieces) {
    if (length > FILE_CHARACTERS) {
      files.push([]);
      length = 0;
    }
    files.at(-1)?.push(piece);
    length += piece.length + gap;
  }
  return files;
}

/** A heading now and then, some words that stand out, a list, a table, a link. */
function markdown(paragraph: string, i: number): string {
  const [first = '', second = '', ...rest] = paragraph.split('. ');
  if (i % 12 === 0) return `${'#'.repeat(1 + (i % 3))} ${first}\n\n${second}. ${rest.join('. ')}`;
  if (i % 12 === 5) return [first, second, ...rest].map(item => `- ${item}`).join('\n');
  if (i % 12 === 9) {
    const cells = [first, second, ...rest].map((cell, row) => `| ${row} | ${cell.slice(0, 80)} |`);
    return ['| no | what |', '| --- | --- |', ...cells].join('\n');
  }
  return `${first}. **${second}**. ${rest.join('. ')} See [the note](https://example.org/${i}).`;
}

function html(paragraph: string, i: number): string {
  const [first = '', second = '', ...rest] = paragraph.split('. ');
  if (i % 12 === 0) return `<h2 id="part-${i}">${first}</h2>\n<p>${second}. ${rest.join('. ')}</p>`;
  if (i % 12 === 5)
    return `<ul>${[first, second, ...rest].map(item => `<li class="item">${item}</li>`).join('\n')}</ul>`;
  return `<p class="text">${first}. <em>${second}</em>. ${rest.join('. ')} <a href="/${i}.html">See the note</a>.</p>`;
}

function rows(paragraph: string): string[] {
  return paragraph
    .split('. ')
    .map(
      (sentence, i) =>
        `${sentence.split(' ')[0]},"Harbour, ${i}",${1900 + i},"${sentence.replaceAll('"', '""')}"`,
    );
}

function record(paragraph: string, i: number) {
  const [title = '', ...rest] = paragraph.split('. ');
  return {
    id: i,
    title,
    tags: title.split(' ').slice(0, 3),
    body: rest.join('. '),
    place: { lat: i / 7, open: i % 2 === 0 },
  };
}

/** Of src/, in the order of names. */
async function sourceCode(): Promise<string> {
  const folder = join(ROOT, 'src');
  const names = (await readdir(folder, { recursive: true })).filter(name => name.endsWith('.ts')).toSorted();
  return (await Promise.all(names.map(name => readFile(join(folder, name), 'utf8')))).join('\n');
}

/** Plain text as a browser prints it, and its pages. */
export async function printedPdf(page: Page, english: string): Promise<{ pdf: Buffer; pages: number }> {
  const paragraphs = english.slice(0, PAGES * PAGE_CHARACTERS).split('\n\n');
  await page.setContent(
    `<style>p { font: 12pt serif }</style>${paragraphs.map(text => `<p>${text}</p>`).join('')}`,
  );
  const pdf = await page.pdf({
    format: 'A4',
    margin: { top: '2cm', bottom: '2cm', left: '2cm', right: '2cm' },
  });
  const pages = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0;
  return { pdf, pages };
}
