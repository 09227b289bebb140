/** Tokens a second of two contenders, round by round: each round has both, one after the other. */
export interface Comparison {
  first: number[];
  second: number[];
}

/** Tokens a second of one engine with texts of one length, round by round. */
export interface EngineRounds {
  name: string;
  threads: number;
  inputTokens: number;
  rounds: number[];
}

export interface EngineComparison {
  engines: EngineRounds[];
  /** Between vectors of our kernel and of wllama with weights as F32. */
  leastCosine: number;
  meanCosine: number;
}

/** What the page offers, as `bench`, to the benchmarks that drive it. `text` is English of at least 200 kB. */
export interface BenchPage {
  /** One instance of ours (weights as F32) against one of wllama by itself with the Q8_0 file, both on one thread. */
  compareWithPlain(text: string, rounds: number): Promise<Comparison & { leastCosine: number }>;
  /** A pool of two instances against a pool of one. */
  compareInstances(text: string, rounds: number): Promise<Comparison>;
  /** Our kernel and wllama, on one thread and on all, with texts of several lengths. */
  compareEngines(text: string, rounds: number): Promise<EngineComparison>;
  /** Tokenizing and chunking in a worker, as on the page; see workThrough in text.ts for what it marks. */
  workThrough(text: string, rounds: number): Promise<void>;
}

declare global {
  var bench: BenchPage;
}
