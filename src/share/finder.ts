import type { SearchAnswer, SearchHit } from '../domain/search.ts';
import type { ShareAbout, ShareBlockKind } from '../domain/share.ts';
import { marks } from '../search/marks.ts';
import { queryTerms } from '../search/terms.ts';
import { findHits, tellingTerms } from '../workspace/search-hits.ts';
import { fromBase64 } from './base64.ts';
import { Library } from './library.ts';
import { MemoryFile } from './memory-file.ts';
import { type EmbedQuestion, openQuestions } from './question.ts';
import { readTexts } from './texts.ts';

/** What is asked of a shared page. */
export interface Question {
  text: string;
  /** 0 for words alone, 1 for meaning alone. */
  balance: number;
  limit: number;
}

/** How much was read of the file. */
export interface ReadSoFar {
  texts: number;
  vectors: number;
  modelBytes: number;
  /** Whether questions can be embedded; 'failed' where the model could not be loaded. */
  model: 'none' | 'coming' | 'ready' | 'failed';
}

/** A file of the collection. */
export interface SharedFile {
  path: string;
  chunks: number;
}

/** A chunk in its file, with the words of a query marked. */
export interface ShownChunk extends Pick<SearchHit, 'start' | 'end' | 'page' | 'headings' | 'lines'> {
  /** Among those of its file. */
  index: number;
  text: string;
  marks: [start: number, end: number][];
}

/** Searches the collection that it is given block by block; answers by what it has. Behind a worker, or on the page. */
export interface Finder {
  /** Before all else. */
  open(about: ShareAbout): Promise<void>;
  /** Takes in the next block. */
  add(kind: Exclude<ShareBlockKind, 'end'>, text: string): Promise<ReadSoFar>;
  /** No more blocks come. Resolves when the model has started, or could not. */
  end(): Promise<ReadSoFar>;
  ask(question: Question): Promise<SearchAnswer>;
  files(): Promise<SharedFile[]>;
  /** Chunks [first, end) of a file, as far as there are any. */
  chunks(path: string, first: number, end: number, query: string): Promise<ShownChunk[]>;
}

export function createFinder(): Finder {
  let about: ShareAbout;
  let library: Library;
  let gguf = new Uint8Array();
  let modelBytes = 0;
  let model: ReadSoFar['model'] = 'none';
  let embed: EmbedQuestion | undefined;
  let loading: Promise<void> | undefined;
  const soFar = (): ReadSoFar => ({ ...library.read, modelBytes, model });

  async function loadModel(): Promise<void> {
    try {
      embed = await openQuestions(new MemoryFile(gguf), about.recipe);
      model = 'ready';
    } catch {
      // Words are found all the same; the page says so.
      model = 'failed';
    }
    gguf = new Uint8Array();
  }

  async function vectorOf({ text, balance }: Question): Promise<{ vector?: Float32Array; notice?: string }> {
    if (!embed || balance === 0 || !library.matrix) return {};
    try {
      return { vector: await embed(text) };
    } catch (error) {
      // Words are found all the same.
      return { notice: (error as Error).message };
    }
  }

  return {
    async open(given) {
      about = given;
      library = new Library(about);
      model = about.meaning ? 'coming' : 'none';
      gguf = new Uint8Array(about.meaning?.modelBytes ?? 0);
    },

    async add(kind, text) {
      const bytes = fromBase64(text);
      if (kind === 'texts') library.addTexts(await readTexts(bytes));
      else if (kind === 'vectors') await library.addVectors(bytes);
      else {
        gguf.set(bytes, modelBytes);
        modelBytes += bytes.length;
        if (modelBytes === about.meaning?.modelBytes) loading = loadModel();
      }
      return soFar();
    },

    async end() {
      await loading;
      // Of a file that is cut short the model may be missing.
      if (model === 'coming') model = 'failed';
      return soFar();
    },

    async ask(question) {
      const from = performance.now();
      const { vector, notice } = await vectorOf(question);
      const readers = {
        spans: async (wanted: Parameters<Library['spans']>[0]) => library.spans(wanted),
        // Asked only of rounded rows, and here all are held as they were written.
        vectors: async () => new Float32Array(),
      };
      const query = { ...question, byFile: false, fold: true, trim: true };
      const found = await findHits(library, readers, query, vector);
      const meaning = question.balance === 0 ? 'off' : vector ? 'used' : model === 'coming' ? 'wait' : 'gone';
      return {
        ...found,
        ms: Math.round(performance.now() - from),
        meaning,
        ...(notice === undefined ? {} : { notice }),
      };
    },

    async files() {
      return library.files().map(({ file, range }) => ({ path: file.path, chunks: range.end - range.first }));
    },

    async chunks(path, first, end, query) {
      const part = library.partOf(path);
      if (!part) return [];
      const terms = tellingTerms(library, queryTerms(query, true));
      const { starts, ends, pages, headingPaths, headingOf, firstLines, lastLines } = part.columns;
      const from = Math.max(0, first);
      const indexes = Array.from({ length: Math.min(end, starts.length) - from }, (_, i) => from + i);
      return indexes.map(index => {
        const text = library.text(part.range.first + index);
        const page = pages[index] ?? 0;
        return {
          index,
          text,
          marks: marks(text, terms),
          start: starts[index] ?? 0,
          end: ends[index] ?? 0,
          headings: headingPaths[headingOf[index] ?? 0] ?? [],
          lines: { first: firstLines[index] ?? 0, last: lastLines[index] ?? 0 },
          ...(page > 0 ? { page } : {}),
        };
      });
    },
  };
}
