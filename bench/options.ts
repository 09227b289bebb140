import { parseArgs } from 'node:util';

/** What the command line says. */
export interface Options {
  /** Which benchmarks; none for all. */
  names: string[];
  json: boolean;
  /** Rounds of what is measured in turns. */
  rounds: number;
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
      transformers: { type: 'string' },
    },
  });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new Error(`--rounds takes a whole number from 1 on, not “${values.rounds}”.`);
  return { names: positionals, json: values.json, rounds, transformers: values.transformers };
}
