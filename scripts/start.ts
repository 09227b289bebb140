import { BadArguments } from './bad-arguments.ts';
import { buildIfStale, DIST } from './build.ts';
import { HOST, type Server, startServer } from './serve.ts';
import { readArguments, type StartArguments, USAGE } from './start/arguments.ts';
import { openHeadlessTab } from './start/headless.ts';

process.exitCode = await main(process.argv.slice(2));

/** 0: serving, or help; 1: it could not start; 2: arguments that cannot be obeyed. */
async function main(argv: string[]): Promise<number> {
  try {
    const wanted = readArguments(argv, process.env);
    if (wanted === 'help') process.stdout.write(USAGE);
    else await serve(wanted);
    return 0;
  } catch (error) {
    if (!(error instanceof BadArguments)) return say((error as Error).message, 1);
    return say(`${error.message}\n\n${USAGE}`, 2);
  }
}

async function serve({ port, token, headless }: StartArguments): Promise<void> {
  await buildIfStale();
  const server = await listen(port, token);
  const closing: (() => Promise<void>)[] = [() => server.close()];
  let stopping = false;
  const stop = async (status: number) => {
    // A terminal's Ctrl-C may arrive twice, by npm and by itself.
    if (stopping) return;
    stopping = true;
    for (const step of closing.reverse()) await step().catch(() => {});
    process.exit(status);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop(0));
  process.stdout.write(`Vecdrop is at ${server.origin}\n`);
  if (!headless) {
    process.stdout.write(`Its API is at ${server.origin}/v1 while that page is open in a browser.\n`);
    return;
  }
  try {
    const tab = await openHeadlessTab(server, () => {
      if (!stopping) void stop(say('The headless browser ended.', 1));
    });
    closing.push(() => tab.close());
    process.stdout.write(`The API is ready at ${server.origin}/v1, answered by a tab of its own.\n`);
  } catch (error) {
    if (!stopping) await stop(say((error as Error).message, 1));
  }
}

async function listen(port: number, token: string | undefined): Promise<Server> {
  try {
    return await startServer({ dir: DIST, port, door: { token } });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'EADDRINUSE') throw new Error(`The server could not start: ${message}`);
    throw new Error(
      `${HOST}:${port} is in use. Stop what runs there, or choose another port: PORT=8081 npm start`,
    );
  }
}

function say(sentence: string, status: number): number {
  process.stderr.write(`${sentence}\n`);
  return status;
}
