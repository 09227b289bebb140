/** What a stretch of a document is, as far as its format says so. */
export type BlockKind = 'heading' | 'paragraph' | 'list' | 'table' | 'code' | 'quote' | 'row';

/** A stretch of Document.text; `start` and `end` are UTF-16 offsets, end exclusive. */
export interface Block {
  start: number;
  end: number;
  kind: BlockKind;
  /** Headings only: 1 to 6. */
  level?: number;
  /** 1-based, where the format has pages. */
  page?: number;
}

/** One file as text: line ends are \n, `blocks` are in order and do not overlap. A format with no structure has none. */
export interface Document {
  text: string;
  blocks: Block[];
  title?: string;
  /** BCP 47, where the file says so. */
  language?: string;
  /** What a person should know of the reading, in a few words: 'no text on page 3'. */
  notice?: string;
}

/** UTF-16 units a stored page of text: ten hits must not load ten books. */
export const TEXT_PAGE = 65_536;

/** Cuts a text into stored pages of TEXT_PAGE units; the last one may be shorter. */
export function toPages(text: string): string[] {
  const pages: string[] = [];
  for (let at = 0; at < text.length; at += TEXT_PAGE) pages.push(text.slice(at, at + TEXT_PAGE));
  return pages;
}
