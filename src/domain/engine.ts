/** The engines that there are, fastest hopes first. */
export type EngineId = 'kernel' | 'wllama-webgpu' | 'wllama-cpu' | 'remote';

/** What the self-test of one engine found for one model on this machine. */
export interface EngineReport {
  engine: EngineId;
  /** As shown: 'wllama, CPU, F32'. */
  name: string;
  /** Whether its vectors are right, wrong, or there are none: it is absent here, or failed. */
  outcome: 'right' | 'wrong' | 'absent' | 'failed';
  /** Least cosine with the reference's vectors over the test's texts; absent for the reference itself. */
  cosine?: number;
  tokensPerSecond?: number;
  /** Why it was not taken, in a sentence; absent for the one that was. */
  reason?: string;
}

/** Which engine serves a model, and why. */
export interface EngineChoice {
  taken: EngineId;
  /** Chosen by a person against the self-test's advice. */
  overruled: boolean;
  reports: EngineReport[];
}

/** Tokens a second of the engine that was taken, as its test measured them; undefined where no test ran. */
export function testedSpeed(choice: EngineChoice | undefined): number | undefined {
  return choice?.reports.find(({ engine }) => engine === choice.taken)?.tokensPerSecond;
}

/** One call to an engine, as LlamaEdge prints it with --log-prompts and --log-stat. */
export interface CallLog {
  /** Milliseconds since 1970. */
  at: number;
  modelId: string;
  engine: string;
  texts: number;
  tokens: number;
  ms: number;
  /** The texts themselves; only where the person asked for them. */
  prompts?: string[];
}
