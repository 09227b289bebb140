import type { Block, BlockKind } from '../domain/document.ts';
import type { Parsed } from './format.ts';
import { MAX_TEXT, tooLarge } from './limits.ts';

const LONE_SURROGATE = /\p{Cs}/gu;

/** Builds an extracted document: texts one after the other, blank lines between them, a block each. */
export class DocumentWriter {
  /** 1-based; on every block written from now on. */
  page: number | undefined;
  readonly blocks: Block[] = [];
  #parts: string[] = [];
  #length = 0;

  /** Nothing was written yet. */
  get isEmpty(): boolean {
    return this.blocks.length === 0;
  }

  /**
   * Writes a block; a blank one is left out. `gap` stands between it and the one before.
   * Throws 'file/too-large' where the document would outgrow MAX_TEXT.
   */
  add(kind: BlockKind, raw: string, options: { level?: number; gap?: string } = {}): void {
    const text = trimBlock(kind === 'code' ? raw : plainSpaces(raw)).replace(LONE_SURROGATE, '\ufffd');
    if (text === '') return;
    const gap = this.isEmpty ? '' : (options.gap ?? '\n\n');
    const start = this.#length + gap.length;
    const end = start + text.length;
    if (end > MAX_TEXT) throw tooLarge('holds more text than fits into memory');
    this.#parts.push(gap, text);
    this.#length = end;
    const block: Block = { start, end, kind };
    if (options.level !== undefined) block.level = Math.min(6, Math.max(1, options.level));
    if (this.page !== undefined) block.page = this.page;
    this.blocks.push(block);
  }

  heading(level: number, text: string): void {
    this.add('heading', text.replace(/\s+/g, ' '), { level });
  }

  finish(about: { title?: string | undefined; language?: string | undefined } = {}): Parsed {
    const title = plainSpaces(about.title ?? '')
      .replace(/\s+/g, ' ')
      .trim();
    const language = languageTag(about.language);
    return {
      text: this.#parts.join(''),
      blocks: this.blocks,
      ...(title ? { title } : {}),
      ...(language ? { language } : {}),
    };
  }
}

/** A language as BCP 47 writes it ('pt_br' → 'pt-BR'); undefined for what is none. */
function languageTag(value: string | undefined): string | undefined {
  try {
    return value ? Intl.getCanonicalLocales(value.trim().replaceAll('_', '-'))[0] : undefined;
  } catch {
    return undefined;
  }
}

/** Blanks of typesetting as plain ones, without marks that show nothing: words are found as they are typed. */
function plainSpaces(text: string): string {
  return text.replace(/[\u00a0\u2007\u202f]/g, ' ').replace(/[\u00ad\u200b\ufeff\0]/g, '');
}

/** Without blank lines around it and blanks at its end; the first line's indent stays. */
function trimBlock(text: string): string {
  return text.replace(/^(?:[^\S\n]*\n)+/, '').trimEnd();
}
