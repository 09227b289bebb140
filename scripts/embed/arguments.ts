import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { strategies } from '../../src/chunk/registry.ts';
import type { EngineId } from '../../src/domain/engine.ts';
import { splitName } from '../../src/domain/split.ts';
import { BadArguments } from '../bad-arguments.ts';
import { ENDINGS, FORMAT_IDS, type Output, readOutput } from './output.ts';

/** The environment variable with an endpoint's key: on the command line others could read it. */
const KEY_VARIABLE = 'VECDROP_ENDPOINT_KEY';
/** Tokens; what an endpoint's model reads is told by none. */
const ENDPOINT_CONTEXT = 512;
/** Strategies that need no vectors beforehand. */
const STRATEGIES = strategies.map(({ id }) => id);
const ENGINES = ['kernel', 'wllama-webgpu', 'wllama-cpu'] as const satisfies readonly EngineId[];

export const USAGE = `Usage: npm run embed -- <files or folders…> --out <file> [options]

  --out FILE          where the vectors go, more than once for several files; the ending says the format:
                      ${ENDINGS.map(ending => `.${ending}`).join(' ')}
  --format NAME       where the ending does not say enough: one of
                      ${FORMAT_IDS.join(', ')}
  --precision NAME    float32 (exact), float16 or int8, as far as the format has them
  --model MODEL       a GGUF file (of a split model any part), or the address of one to download for this
                      run; the built-in model if left out
  --endpoint URL      an OpenAI-compatible server that embeds: http://127.0.0.1:8080/v1. The texts are sent
                      there. --model is then its name of the model; a key is taken from ${KEY_VARIABLE}
  --context N         tokens that the endpoint's model reads (${ENDPOINT_CONTEXT} if left out)
  --engine NAME       auto (the fastest that is right), or one of ${ENGINES.join(', ')}
  --strategy NAME     one of ${STRATEGIES.join(', ')}
  --chunk-size N      tokens a chunk at the most, special tokens included
  --overlap N         tokens that a chunk repeats of the one before, at the most
  --help              this text
`;

/** Which model embeds: files of this machine, one to download, or one behind an endpoint. */
export type WantedModel =
  | { files: string[] }
  | { url: string }
  | { endpoint: { baseUrl: string; key?: string }; name: string; contextLength: number };

/** What the command line asks for. Paths are absolute; what was not given is left to the page's defaults. */
export interface EmbedArguments {
  inputs: string[];
  /** Each is written of the same vectors. */
  out: Output[];
  model?: WantedModel;
  engine?: (typeof ENGINES)[number];
  strategy?: string;
  chunkSize?: number;
  overlap?: number;
}

/** Reads the command line; 'help' where that is all it asks for. Throws BadArguments. */
export function readArguments(argv: string[]): EmbedArguments | 'help' {
  const { values, positionals } = parse(argv);
  if (values.help) return 'help';
  if (positionals.length === 0) throw new BadArguments('Name at least one file or folder to embed.');
  if (values.out === undefined) throw new BadArguments('Say with --out where the vectors should go.');
  const out = values.out.map(file => readOutput(file, values.format, values.precision));
  const written = out.flatMap(({ files }) => files.map(({ path }) => path));
  const twice = written.find((path, i) => written.indexOf(path) < i);
  if (twice !== undefined)
    throw new BadArguments(`--out: two of the files would be ${twice}. Name them apart.`);
  const strategy = STRATEGIES.find(name => name === values.strategy);
  if (values.strategy !== undefined && !strategy) {
    throw new BadArguments(`--strategy ${values.strategy}: there are ${STRATEGIES.join(', ')}.`);
  }
  const chunkSize = wholeNumber('--chunk-size', values['chunk-size'], 8);
  const overlap = wholeNumber('--overlap', values.overlap, 0);
  if (chunkSize !== undefined && overlap !== undefined && overlap > chunkSize / 2) {
    throw new BadArguments(`--overlap ${overlap}: it may be half the chunk size at the most.`);
  }
  const inputs = positionals.map(path => existing(path));
  const model = wantedModel(values);
  const engine = ENGINES.find(name => name === values.engine);
  if (values.engine !== undefined && values.engine !== 'auto' && !engine) {
    throw new BadArguments(`--engine ${values.engine}: there are auto, ${ENGINES.join(', ')}.`);
  }
  if (engine && values.endpoint !== undefined) {
    throw new BadArguments('--engine and --endpoint: the endpoint is the engine; name one of them.');
  }
  return { inputs, out, model, engine, strategy, chunkSize, overlap };
}

function parse(argv: string[]) {
  try {
    return parseArgs({
      args: argv,
      allowPositionals: true,
      options: {
        out: { type: 'string', multiple: true },
        format: { type: 'string' },
        precision: { type: 'string' },
        model: { type: 'string' },
        endpoint: { type: 'string' },
        context: { type: 'string' },
        engine: { type: 'string' },
        strategy: { type: 'string' },
        'chunk-size': { type: 'string' },
        overlap: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    // Node's first sentence names the option; what follows is advice for programmers.
    const [first] = (error as Error).message.split(/\. |\n/);
    throw new BadArguments(`${first?.replace(/\.$/, '')}.`);
  }
}

function wantedModel({
  model,
  endpoint,
  context,
}: {
  model?: string;
  endpoint?: string;
  context?: string;
}): WantedModel | undefined {
  if (endpoint !== undefined) {
    if (!URL.canParse(endpoint) || !/^https?:/.test(endpoint)) {
      throw new BadArguments(`--endpoint ${endpoint}: this is no address. One ends in /v1, mostly.`);
    }
    if (model === undefined)
      throw new BadArguments('Say with --model which of the endpoint’s models embeds.');
    const key = process.env[KEY_VARIABLE];
    const contextLength = wholeNumber('--context', context, 16) ?? ENDPOINT_CONTEXT;
    return { endpoint: { baseUrl: endpoint, ...(key ? { key } : {}) }, name: model, contextLength };
  }
  if (context !== undefined)
    throw new BadArguments('--context is for an endpoint; name one with --endpoint.');
  if (model === undefined) return undefined;
  if (/^https?:\/\//.test(model)) return { url: model };
  const names = splitName(model)?.names ?? [model];
  return { files: names.map(name => existing(name, 'file')) };
}

function wholeNumber(option: string, given: string | undefined, least: number): number | undefined {
  if (given === undefined) return undefined;
  const number = Number(given);
  if (!/^\d+$/.test(given) || !Number.isSafeInteger(number) || number < least) {
    throw new BadArguments(`${option} ${given}: give a whole number of tokens, ${least} or more.`);
  }
  return number;
}

function existing(path: string, kind?: 'file'): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) throw new BadArguments(`${path}: there is no such file or folder.`);
  if (kind === 'file' ? !stats.isFile() : !stats.isFile() && !stats.isDirectory()) {
    throw new BadArguments(`${path}: this is not a file${kind ? '' : ' or folder'}.`);
  }
  return resolve(path);
}
