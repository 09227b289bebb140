import { DocumentWriter } from '../../document-writer.ts';
import type { Parsed } from '../../format.ts';
import { broken } from '../../limits.ts';
import { tableText } from '../../table-text.ts';
import { decoderOf, fontDecoder } from './charsets.ts';
import { rtfTokens } from './tokens.ts';

/** Brackets open at once: more are an attack. */
const MAX_DEPTH = 2000;

/** Groups that hold no text of the body. */
const SKIPPED = new Set(
  'colortbl pict object themedata colorschememapping datastore latentstyles listtable listoverridetable revtbl rsidtbl generator xmlnstbl mmathPr fldinst header headerl headerr headerf footer footerl footerr footerf annotation atnid atnauthor atnref nonshppict template pgdsctbl listpicture bkmkstart bkmkend userprops wgrffmtfilter pnseclvl filetbl'.split(
    ' ',
  ),
);

const CHARACTERS: Record<string, string> = {
  tab: '\t',
  line: '\n',
  emdash: '—',
  endash: '–',
  lquote: '‘',
  rquote: '’',
  ldblquote: '“',
  rdblquote: '”',
  bullet: '•',
  emspace: ' ',
  enspace: ' ',
  qmspace: ' ',
  '~': ' ',
  _: '\u2011',
  '-': '',
  '{': '{',
  '}': '}',
  '\\': '\\',
};

type Target = 'body' | 'skip' | 'fonts' | 'styles' | 'title' | 'mark' | 'note';

interface Group {
  target: Target;
  /** How many characters stand for one \u to those who do not know it. */
  fallback: number;
  decoder: TextDecoder;
  hidden: boolean;
}

interface Paragraph {
  style: number;
  outline: number | undefined;
  inTable: boolean;
  /** In twips: how far a list item is indented. */
  indent: number;
}

/** An RTF document: paragraphs, headings by style and outline, lists, tables; notes at the end. */
export function readRtf(bytes: Uint8Array): Parsed {
  const reader = new RtfReader();
  for (const token of rtfTokens(bytes)) {
    if (token.kind === 'open') reader.open();
    else if (token.kind === 'close') reader.close();
    else if (token.kind === 'bytes') reader.bytes(token.bytes);
    else reader.word(token.word, token.value);
  }
  return reader.finish();
}

class RtfReader {
  readonly #writer = new DocumentWriter();
  readonly #stack: Group[] = [];
  #group: Group = { target: 'body', fallback: 1, decoder: decoderOf(1252), hidden: false };
  #paragraph: Paragraph = { style: 0, outline: undefined, inTable: false, indent: 0 };
  /** By number: what a style is called, and its outline. */
  readonly #styles = new Map<number, { name: string; outline: number | undefined }>();
  readonly #fonts = new Map<number, TextDecoder>();
  #base = decoderOf(1252);
  #currentFont = 0;
  #text = '';
  #mark = '';
  #aside = '';
  #title = '';
  #skip = 0;
  #ignorable = false;
  #row: string[] = [];
  #rows: string[][] = [];
  #items: string[] = [];
  #code: string[] = [];
  readonly #notes: string[] = [];
  #noteStart: number | undefined;

  open(): void {
    if (this.#stack.length > MAX_DEPTH) throw broken('RTF');
    this.#stack.push(this.#group);
    this.#group = { ...this.#group };
    this.#ignorable = false;
  }

  close(): void {
    const closed = this.#group;
    this.#group = this.#stack.pop() ?? closed;
    if (closed.target === 'note' && this.#group.target !== 'note' && this.#noteStart !== undefined) {
      this.#notes.push(this.#text.slice(this.#noteStart).trim());
      this.#text = `${this.#text.slice(0, this.#noteStart)}[${this.#notes.length}]`;
      this.#noteStart = undefined;
    }
    if (closed.target === 'styles' && this.#group.target === 'styles') this.#endStyle();
  }

  bytes(bytes: Uint8Array): void {
    const skipped = Math.min(this.#skip, bytes.length);
    this.#skip -= skipped;
    const rest = bytes.subarray(skipped);
    if (rest.length > 0) this.#put(this.#group.decoder.decode(rest, { stream: true }));
  }

  word(word: string, value: number | undefined): void {
    const special = CHARACTERS[word];
    if (special !== undefined) {
      this.#skip = 0;
      this.#put(special);
      return;
    }
    switch (word) {
      case '*':
        this.#ignorable = true;
        return;
      case 'u':
        this.#put(String.fromCharCode(((value ?? 63) + 65_536) % 65_536));
        this.#skip = this.#group.fallback;
        return;
      case 'uc':
        this.#group.fallback = value ?? 1;
        return;
      case 'ansicpg':
        this.#base = decoderOf(value ?? 1252);
        this.#group.decoder = this.#base;
        return;
      case 'f':
        this.#currentFont = value ?? 0;
        if (this.#group.target !== 'fonts')
          this.#group.decoder = this.#fonts.get(this.#currentFont) ?? this.#base;
        return;
      case 'fcharset': {
        const decoder = value === undefined ? undefined : fontDecoder(value);
        if (this.#group.target === 'fonts' && decoder) this.#fonts.set(this.#currentFont, decoder);
        return;
      }
      case 'v':
        this.#group.hidden = value !== 0;
        return;
      case 'plain':
        this.#group.hidden = false;
        return;
    }
    if (!this.#destination(word)) this.#layout(word, value);
  }

  finish(): Parsed {
    if (this.#text.trim() !== '') this.#endParagraph();
    this.#flush();
    for (const [i, note] of this.#notes.entries()) this.#writer.add('paragraph', `[${i + 1}] ${note}`);
    const parsed = this.#writer.finish({ title: this.#title });
    return parsed;
  }

  #destination(word: string): boolean {
    const target = destinationOf(word);
    if (target === undefined && this.#ignorable) this.#group.target = 'skip';
    if (target !== undefined && this.#group.target !== 'skip') {
      this.#group.target = target;
      if (target === 'note') this.#noteStart ??= this.#text.length;
      if (target === 'mark') this.#mark = '';
    }
    this.#ignorable = false;
    return target !== undefined;
  }

  #layout(word: string, value: number | undefined): void {
    if (this.#group.target === 'styles') {
      if (word === 's') this.#paragraph.style = value ?? 0;
      if (word === 'outlinelevel') this.#paragraph.outline = value;
      return;
    }
    if (this.#group.target === 'note' && (word === 'par' || word === 'pard')) {
      if (word === 'par') this.#put(' ');
      return;
    }
    if (this.#group.target !== 'body') return;
    switch (word) {
      case 'pard':
        this.#paragraph = { style: 0, outline: undefined, inTable: false, indent: 0 };
        break;
      case 's':
        this.#paragraph.style = value ?? 0;
        break;
      case 'outlinelevel':
        this.#paragraph.outline = value;
        break;
      case 'intbl':
        this.#paragraph.inTable = true;
        break;
      case 'li':
        this.#paragraph.indent = value ?? 0;
        break;
      case 'par':
      case 'sect':
      case 'page':
        if (this.#paragraph.inTable) this.#text += ' ';
        else this.#endParagraph();
        break;
      case 'cell':
      case 'nestcell':
        this.#row.push(this.#text.trim());
        this.#text = '';
        break;
      case 'row':
        this.#endRow();
        break;
    }
  }

  #put(text: string): void {
    const { target, hidden } = this.#group;
    if (target === 'skip' || target === 'fonts' || hidden) return;
    if (target === 'title') this.#title += text;
    else if (target === 'mark') this.#mark += text;
    else if (target === 'styles') this.#aside += text;
    else this.#text += text;
  }

  #endStyle(): void {
    const name = this.#aside.replace(/;.*$/s, '').trim().toLowerCase();
    this.#styles.set(this.#paragraph.style, { name, outline: this.#paragraph.outline });
    this.#aside = '';
    this.#paragraph = { style: 0, outline: undefined, inTable: false, indent: 0 };
  }

  #endRow(): void {
    if (this.#items.length > 0 || this.#code.length > 0) this.#flush();
    if (this.#row.some(cell => cell !== '')) this.#rows.push(this.#row);
    this.#row = [];
    this.#text = '';
  }

  #endParagraph(): void {
    const text = this.#text;
    const mark = this.#mark.trim();
    this.#text = '';
    this.#mark = '';
    const style = this.#styles.get(this.#paragraph.style);
    const name = style?.name ?? '';
    const heading = /^heading (\d)/.exec(name)?.[1];
    const outline = this.#paragraph.outline ?? style?.outline;
    const level =
      heading !== undefined
        ? Number(heading)
        : outline !== undefined && outline < 9
          ? outline + 1
          : undefined;
    if (this.#rows.length > 0) this.#flush();
    if (level !== undefined || name === 'title') {
      this.#flush();
      if (name === 'title') this.#title ||= text.trim();
      this.#writer.heading(level ?? 1, text);
      return;
    }
    if (/code|preformatted|verbatim/.test(name)) {
      if (this.#items.length > 0) this.#flush();
      this.#code.push(text);
      return;
    }
    // Programs that know no lists write the mark and a tab.
    const plain = /^\s*([•◦▪‣\u2043-]|\d{1,3}[.)]|\(?[a-z][.)])\t\s*(?=\S)/.exec(text);
    if ((mark !== '' || plain) && text.trim() !== '') {
      if (this.#code.length > 0) this.#flush();
      this.#items.push(
        itemLine(
          mark || (plain?.[1] as string),
          plain && mark === '' ? text.slice(plain[0].length) : text,
          this.#paragraph.indent,
        ),
      );
      return;
    }
    if (text.trim() === '' && this.#items.length === 0) return;
    this.#flush();
    this.#writer.add(/quote|quotation/.test(name) ? 'quote' : 'paragraph', text);
  }

  #flush(): void {
    if (this.#rows.length > 0) this.#writer.add('table', tableText(this.#rows));
    this.#writer.add('list', this.#items.join('\n'));
    this.#writer.add('code', this.#code.join('\n'));
    this.#rows = [];
    this.#items = [];
    this.#code = [];
  }
}

/** What a control word makes of the rest of its group; undefined for words that are no destination. */
function destinationOf(word: string): Target | undefined {
  if (SKIPPED.has(word)) return 'skip';
  switch (word) {
    case 'fonttbl':
      return 'fonts';
    case 'stylesheet':
      return 'styles';
    case 'info':
      return 'skip';
    case 'listtext':
    case 'pntext':
      return 'mark';
    case 'footnote':
    case 'endnote':
      return 'note';
    default:
      return undefined;
  }
}

function itemLine(mark: string, text: string, indent: number): string {
  const number = /(\d{1,3}|[a-z])[.)]?$/i.exec(mark)?.[1];
  const depth = Math.max(0, Math.min(8, Math.round(indent / 360 / 2) - (indent >= 720 ? 1 : 0)));
  return `${'  '.repeat(depth)}${number === undefined ? '- ' : `${number}. `}${text.trim()}`;
}
