import { accessSync, constants, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';

export const USAGE = `Usage: npm run embed -- <files or folders…> --out vectors.json|vectors.jsonl [options]

  --out FILE          where the vectors go; its ending says the format: .json or .jsonl
  --model FILE        a GGUF embedding model of the BERT family (the built-in one if left out)
  --strategy NAME     recursive (paragraphs, sentences, words) or whole (one chunk a file)
  --chunk-size N      tokens a chunk at the most, special tokens included
  --overlap N         tokens that a chunk repeats of the one before, at the most
  --help              this text
`;

const STRATEGIES = ['recursive', 'whole'] as const;
const FORMATS = ['json', 'jsonl'] as const;

/** What the command line asks for. Paths are absolute; what was not given is left to the page's defaults. */
export interface EmbedArguments {
  inputs: string[];
  out: string;
  format: (typeof FORMATS)[number];
  model?: string;
  strategy?: (typeof STRATEGIES)[number];
  chunkSize?: number;
  overlap?: number;
}

/** Arguments that cannot be obeyed; the message is one line for a person. */
export class BadArguments extends Error {}

/** Reads the command line; 'help' where that is all it asks for. Throws BadArguments. */
export function readArguments(argv: string[]): EmbedArguments | 'help' {
  const { values, positionals } = parse(argv);
  if (values.help) return 'help';
  if (positionals.length === 0) throw new BadArguments('Name at least one file or folder to embed.');
  if (values.out === undefined) throw new BadArguments('Say with --out where the vectors should go.');
  const format = FORMATS.find(ending => values.out?.endsWith(`.${ending}`));
  if (!format) throw new BadArguments(`--out ${values.out}: the name must end in .json or .jsonl.`);
  const strategy = STRATEGIES.find(name => name === values.strategy);
  if (values.strategy !== undefined && !strategy) {
    throw new BadArguments(`--strategy ${values.strategy}: there are ${STRATEGIES.join(' and ')}.`);
  }
  const chunkSize = wholeNumber('--chunk-size', values['chunk-size'], 8);
  const overlap = wholeNumber('--overlap', values.overlap, 0);
  if (chunkSize !== undefined && overlap !== undefined && overlap > chunkSize / 2) {
    throw new BadArguments(`--overlap ${overlap}: it may be half the chunk size at the most.`);
  }
  const inputs = positionals.map(path => existing(path));
  const model = values.model === undefined ? undefined : existing(values.model, 'file');
  const out = resolve(values.out);
  writable(values.out, out);
  return { inputs, out, format, model, strategy, chunkSize, overlap };
}

function parse(argv: string[]) {
  try {
    return parseArgs({
      args: argv,
      allowPositionals: true,
      options: {
        out: { type: 'string' },
        model: { type: 'string' },
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

function writable(given: string, out: string): void {
  if (statSync(out, { throwIfNoEntry: false })?.isDirectory()) {
    throw new BadArguments(`--out ${given}: this is a folder.`);
  }
  try {
    accessSync(dirname(out), constants.W_OK);
  } catch {
    throw new BadArguments(`--out ${given}: its folder is not there or cannot be written to.`);
  }
}
