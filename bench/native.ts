/** What we use of node-llama-cpp, which is installed only where somebody measures against it. */
interface NodeLlamaCpp {
  LlamaLogLevel: { error: string };
  getLlama(options: {
    build: 'never';
    gpu: false;
    maxThreads: number;
    logLevel: string;
    progressLogs: boolean;
  }): Promise<Llama>;
}

interface Llama {
  loadModel(options: { modelPath: string }): Promise<{
    createEmbeddingContext(options: {
      contextSize: number;
      batchSize: number;
      threads: number;
    }): Promise<EmbeddingContext>;
  }>;
  dispose(): Promise<void>;
}

interface EmbeddingContext {
  getEmbeddingFor(ids: number[]): Promise<{ vector: readonly number[] }>;
}

/** llama.cpp as a program of this machine, on one thread. */
export interface Native {
  /** Texts as ids with the special tokens; one vector each. */
  embed(texts: readonly number[][]): Promise<number[][]>;
  close(): Promise<void>;
}

/** More than a text has, for a context of as many tokens as a text counts as too small. */
const CONTEXT = 544;

/** llama.cpp's own prebuilt binary through node-llama-cpp: no compiling, no GPU, the file's weights as they are. */
export async function openNative(gguf: string): Promise<Native> {
  // Not a literal: the type checker has to do without the package.
  const name: string = 'node-llama-cpp';
  const { getLlama, LlamaLogLevel }: NodeLlamaCpp = await import(name);
  const llama = await getLlama({
    build: 'never',
    gpu: false,
    maxThreads: 1,
    logLevel: LlamaLogLevel.error,
    progressLogs: false,
  });
  const model = await llama.loadModel({ modelPath: gguf });
  const context = await model.createEmbeddingContext({
    contextSize: CONTEXT,
    batchSize: CONTEXT,
    threads: 1,
  });
  return {
    async embed(texts) {
      const rows: number[][] = [];
      for (const ids of texts) rows.push([...(await context.getEmbeddingFor([...ids])).vector]);
      return rows;
    },
    close: () => llama.dispose(),
  };
}
