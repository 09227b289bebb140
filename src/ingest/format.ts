import type { Block } from '../domain/document.ts';

/** What a format makes of a file's bytes. */
export interface Parsed {
  text: string;
  blocks: Block[];
  title?: string;
  language?: string;
}

/** What a format is given. `text()` decodes by BOM, strict UTF-8, then a guess, with line ends as \n. */
export interface Source {
  bytes: Uint8Array;
  /** The file's path, '/' between folders. */
  path: string;
  text(): string;
}

/** One file format: one file in formats/, one line in the registry. */
export interface Format {
  /** As people call it: 'Markdown'. */
  name: string;
  id: string;
  /** Lower case, without the dot. */
  extensions: readonly string[];
  /** Whole file names, in lower case, that mean this format: 'makefile'. */
  names?: readonly string[];
  parse(source: Source): Parsed | Promise<Parsed>;
}
