import type { Block } from '../domain/document.ts';

/**
 * What a format makes of a file's bytes. Blocks are in order and do not overlap:
 * - 'heading': the words of the heading alone, with `level` 1 to 6.
 * - 'table': a whole table as GitHub's Markdown writes it: a line a row (line ends within a cell are blanks), the
 *   header first, then the line of dashes. A row's text is therefore a line, and the header is the first one.
 * - 'row': a record of a data file (CSV, JSON, spreadsheet): lines of 'Header: value', each row with its headers.
 *   Where a file has no headers, a row is one line of values with ' | ' between them.
 * - 'list': a whole list with its inner lists, '- ' or '1. ' before each item, two blanks of indent a depth.
 * - 'code': as written, without fences where the text is extracted; 'quote': without marks.
 * `page` is on every block where the file knows its pages (or slides), and on none where it does not.
 */
export interface Parsed {
  text: string;
  blocks: Block[];
  title?: string;
  language?: string;
  /** As in Document. */
  notice?: string;
}

/** What a format is given. */
export interface Source {
  bytes: Uint8Array;
  /** The file's path, '/' between folders. */
  path: string;
  /**
   * The bytes as text with line ends as \n: by BOM, strict UTF-8, then `declared` (the encoding that the file itself
   * names, where it does), then a guess.
   */
  text(declared?: string): string;
}

/** What a file's content says of its kind. */
export interface Content {
  bytes: Uint8Array;
  /** The first 1024 bytes as latin1. */
  head: string;
  /** Names inside, where it is a zip whose directory is whole. */
  entries: ReadonlySet<string> | undefined;
  /** What the entry `mimetype` of a zip holds, as EPUB and OpenDocument have it. */
  mimetype: string | undefined;
}

/** One file format: one file in formats/, one line in the registry. Parsers of weight are imported by `parse` alone. */
export interface Format {
  /** As people call it: 'Markdown'. */
  name: string;
  id: string;
  /** Lower case, without the dot. */
  extensions: readonly string[];
  /** Whole file names, in lower case, that mean this format: 'makefile'. */
  names?: readonly string[];
  /** True where the content can be nothing else, whatever the file is called. */
  owns?(content: Content): boolean;
  /** True where a file whose name says nothing begins like this format; `head` is its text's beginning. */
  startsLike?(head: string): boolean;
  parse(source: Source): Parsed | Promise<Parsed>;
}
