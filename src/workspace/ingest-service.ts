import { type PreparedDocument, prepareDocument } from '../chunk/chunk-document.ts';
import type { SentenceTurns, Span } from '../chunk/strategy.ts';
import type { ChunkColumns } from '../domain/chunk.ts';
import { type Block, type Document, toPages } from '../domain/document.ts';
import { VecdropError } from '../domain/errors.ts';
import type { TokenizerSpec } from '../domain/model.ts';
import type { Recipe } from '../domain/recipe.ts';
import { readDocument } from '../ingest/read-document.ts';
import { createTokenizer } from '../tokenize/create.ts';
import type { Tokenizer } from '../tokenize/tokenizer.ts';

/** A document as it crosses a worker: its text in pages of TEXT_PAGE units. */
export interface DocumentParts {
  pages: string[];
  length: number;
  blocks: Block[];
  title?: string;
  language?: string;
  notice?: string;
}

export interface ReadResult extends DocumentParts {
  /** The format's id. */
  format: string;
  columns: ChunkColumns;
}

/**
 * Reads and chunks, in a worker that may be killed at any time: it holds a tokenizer, and the text that was last
 * chunked anew, so that a slider does not have it segmented and counted again.
 */
export class IngestService {
  #tokenizer: Tokenizer | undefined;
  #contextLength = 0;
  #held: { textId: string; prepared: PreparedDocument } | undefined;

  /** Takes the vocabulary that chunk sizes are counted in. */
  open(spec: TokenizerSpec, contextLength: number): void {
    this.#tokenizer = createTokenizer(spec);
    this.#contextLength = contextLength;
    this.#held = undefined;
  }

  /** A file's bytes to text and chunks. Rejects with a 'file/…' error that says what is wrong with it. */
  async read(blob: Blob, path: string, recipe: Recipe): Promise<ReadResult> {
    this.#held = undefined;
    const bytes = new Uint8Array(await blob.arrayBuffer());
    const { document, format } = await readDocument(bytes, path);
    const { text, ...rest } = document;
    const columns = await this.#prepare(document).columns(recipe);
    return { ...rest, length: text.length, pages: toPages(text), format, columns };
  }

  /**
   * Chunks of a text that was read before. `textId` names the text, which never changes under that name: without
   * `parts` the chunks of the text that is held, or undefined where it is not this one.
   */
  async rechunk(
    textId: string,
    recipe: Recipe,
    turns?: SentenceTurns,
    parts?: DocumentParts,
  ): Promise<ChunkColumns | undefined> {
    return this.#hold(textId, parts)?.columns(recipe, turns);
  }

  /** The sentences of a text, as they are embedded for strategies that work on their turns; undefined as of `rechunk`. */
  sentences(textId: string, documentPrefix: string, parts?: DocumentParts): Span[] | undefined {
    return this.#hold(textId, parts)?.sentences(documentPrefix);
  }

  #hold(textId: string, parts: DocumentParts | undefined): PreparedDocument | undefined {
    if (parts) {
      const { pages, length: _, ...rest } = parts;
      this.#held = { textId, prepared: this.#prepare({ ...rest, text: pages.join('') }) };
    }
    return this.#held?.textId === textId ? this.#held.prepared : undefined;
  }

  #prepare(document: Document): PreparedDocument {
    if (!this.#tokenizer)
      throw new VecdropError('internal', 'The reader was asked before it had a vocabulary. Reload the page.');
    return prepareDocument(document, this.#tokenizer, this.#contextLength);
  }
}
