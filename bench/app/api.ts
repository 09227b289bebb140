/** What one engine made of some texts. */
export interface Embedded {
  /** Of the clock, from the call to its answer. */
  ms: number;
  /** One row a text, where they were asked for: they cost more to hand over than to compute. */
  vectors: number[][];
}

/** An engine that the page holds. */
export interface EngineName {
  name: string;
  threads: number;
}

/** The kernel by itself, apart from its speed. */
export interface KernelFacts {
  /** From the start of its worker, with the model in OPFS, to an instance that has passed its self-test; each try. */
  loadMs: number[];
  /** That an instance holds, its weights and its worker included, as the pool reckons. */
  instanceBytes: number;
  /** Of these, what all instances of an isolated page have in common. */
  sharedBytes: number;
  wasmBytes: number;
  /** From a short text to its vector while nothing else is under way; each try. */
  idleQueryMs: number[];
  /** The same while as many long texts wait as indexing keeps waiting; each try. */
  busyQueryMs: number[];
  /** Calls of the indexing that were answered between a question and its answer; each try. */
  overtaking: number[];
  instances: number;
}

/** What came of indexing a folder. */
export interface PipelineRun {
  files: number;
  /** Paths. */
  failed: string[];
  tokens: number;
  seconds: number;
  instances: number;
  /** Of the instances' time from the start to the last call, the share without a text to embed. */
  idle: number;
}

/** A file of a folder to index: beside the page, or its text. */
export type FolderFile = { path: string; url: string } | { path: string; text: string };

/** A file for a worker to read and chunk. */
export interface FileToRead {
  /** What it is measured with. */
  work: string;
  path: string;
  content: Blob;
  /** By which its text is chunked. */
  strategy: string;
}

/** What the page offers, as `bench`, to the benchmarks that drive it. */
export interface BenchPage {
  /**
   * Opens our kernel and wllama (weights as F32), each on one thread and on all, wllama with the file as it is, and
   * transformers.js where the page has it under `peers/`. Known from then on by their index.
   */
  openEngines(transformers: boolean): Promise<EngineName[]>;
  /** Ids of texts, with the special tokens, cut where the model's context ends. */
  encode(texts: readonly string[]): Promise<number[][]>;
  /** Ids of a text of any length. */
  ids(text: string): Promise<number[]>;
  /** Embeds texts as one batch. transformers.js needs them all of one length, for nothing is padded. */
  embed(engine: number, texts: readonly number[][], withVectors: boolean): Promise<Embedded>;
  closeEngines(): Promise<void>;
  /** Opens the kernel anew, by itself. `text` is English of at least 100 kB. */
  kernelFacts(text: string, tries: number): Promise<KernelFacts>;
  /** Indexes files in a worker, in the order given, with the built-in model. */
  indexFolder(folder: readonly FolderFile[]): Promise<PipelineRun>;
  /** Tokenizing and chunking in a worker, as on the page; see workThrough in text.ts for what it marks. */
  workThrough(text: string, rounds: number): Promise<void>;
  /** Reading and chunking in a worker, as on the page; see readThrough in formats.ts for what it marks. */
  readThrough(
    files: readonly (FolderFile & Pick<FileToRead, 'work' | 'strategy'>)[],
    rounds: number,
  ): Promise<void>;
}

declare global {
  var bench: BenchPage;
}
