import { parseArgs } from 'node:util';
import { BadArguments } from '../bad-arguments.ts';

export const USAGE = `Usage: npm start -- [options]

  --port N     where to listen on 127.0.0.1; PORT says the same (8080 if left out, 0 for any free one)
  --headless   bring a tab of its own, so that the API answers with no browser open
  --token T    answer /v1/ only to “Authorization: Bearer T”; VECDROP_TOKEN says the same, unseen by other programs
  --help       this text
`;

/** What the command line asks for. */
export interface StartArguments {
  port: number;
  headless: boolean;
  token?: string;
}

/** Reads the command line, and PORT and VECDROP_TOKEN; 'help' where that is all it asks for. Throws BadArguments. */
export function readArguments(argv: string[], environment: NodeJS.ProcessEnv): StartArguments | 'help' {
  const values = parse(argv);
  if (values.help) return 'help';
  const [name, given] =
    values.port === undefined ? ['PORT', environment.PORT || '8080'] : ['--port', values.port];
  const port = Number(given);
  if (!/^\d+$/.test(given) || port > 65_535) {
    throw new BadArguments(`${name} is ${given}: give a number from 0 to 65535.`);
  }
  const token = values.token ?? (environment.VECDROP_TOKEN || undefined);
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token)) {
    throw new BadArguments('The token must be of visible ASCII characters, without spaces.');
  }
  return { port, headless: values.headless ?? false, ...(token !== undefined && { token }) };
}

function parse(argv: string[]) {
  try {
    return parseArgs({
      args: argv,
      options: {
        port: { type: 'string' },
        headless: { type: 'boolean' },
        token: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    // Node's first sentence names the option; what follows is advice for programmers.
    const [first] = (error as Error).message.split(/\. |\n/);
    throw new BadArguments(`${first?.replace(/\.$/, '')}.`);
  }
}
