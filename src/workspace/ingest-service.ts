import { chunkColumns } from '../chunk/chunk-document.ts';
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
}

export interface ReadResult extends DocumentParts {
  /** The format's id. */
  format: string;
  columns: ChunkColumns;
}

/** Reads and chunks, in a worker that may be killed at any time: it holds nothing but a tokenizer. */
export class IngestService {
  #tokenizer: Tokenizer | undefined;
  #contextLength = 0;

  /** Takes the vocabulary that chunk sizes are counted in. */
  open(spec: TokenizerSpec, contextLength: number): void {
    this.#tokenizer = createTokenizer(spec);
    this.#contextLength = contextLength;
  }

  /** A file's bytes to text and chunks. Rejects with a 'file/…' error that says what is wrong with it. */
  async read(blob: Blob, path: string, recipe: Recipe): Promise<ReadResult> {
    const bytes = new Uint8Array(await blob.arrayBuffer());
    const { document, format } = await readDocument(bytes, path);
    const { text, ...rest } = document;
    const columns = await this.#chunk(document, recipe);
    return { ...rest, length: text.length, pages: toPages(text), format, columns };
  }

  /** Chunks of a text that was read before. */
  rechunk({ pages, length: _, ...rest }: DocumentParts, recipe: Recipe): Promise<ChunkColumns> {
    return this.#chunk({ ...rest, text: pages.join('') }, recipe);
  }

  #chunk(document: Document, recipe: Recipe): Promise<ChunkColumns> {
    if (!this.#tokenizer)
      throw new VecdropError('internal', 'The reader was asked before it had a vocabulary. Reload the page.');
    return chunkColumns(document, recipe, this.#tokenizer, this.#contextLength);
  }
}
