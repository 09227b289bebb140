import { parseArgs } from 'node:util';

/** What the command line says. */
export interface Options {
  /** Which benchmarks; none for all. */
  names: string[];
  json: boolean;
  /** Rounds of what is measured in turns. */
  rounds: number;
  /** Chunks of a large collection, for benchmarks that fill one when they are asked to. */
  chunks?: number | undefined;
  /** A folder with a model as transformers.js reads it: config.json, tokenizer files, onnx/model_quantized.onnx. */
  transformers?: string | undefined;
}

/** Throws with a sentence for a person. */
export function readOptions(args: string[]): Options {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      rounds: { type: 'string', default: '5' },
      chunks: { type: 'string' },
      transformers: { type: 'string' },
    },
  });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new Error(`--rounds takes a whole number from 1 on, not “${values.rounds}”.`);
  const chunks = values.chunks === undefined ? undefined : Number(values.chunks);
  if (chunks !== undefined && (!Number.isInteger(chunks) || chunks < 1_000))
    throw new Error(`--chunks takes a whole number from 1000 on, not “${values.chunks}”.`);
  return { names: positionals, json: values.json, rounds, chunks, transformers: values.transformers };
}
