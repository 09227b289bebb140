import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { SmokeBrowser } from './smoke-browser.ts';

type Result = Record<string, unknown>;
type Message = {
  id?: number;
  type: string;
  method?: string;
  params?: Result;
  result?: Result;
  message?: string;
};

/** Starts Firefox without a window in a profile of its own; it is spoken to by WebDriver BiDi (W3C). */
export async function startFirefox(executable: string): Promise<SmokeBrowser> {
  const profile = await mkdtemp(join(tmpdir(), 'vecdrop-firefox-'));
  const flags = ['--headless', '--no-remote', '--remote-debugging-port=0', '--profile', profile];
  const child = spawn(executable, flags, { stdio: ['ignore', 'ignore', 'pipe'] });
  const stop = async () => {
    const ended = new Promise(resolve => child.once('exit', resolve));
    if (child.exitCode === null && child.kill()) await ended;
    await rm(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  };
  try {
    return await converse(await listeningAddress(child), stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Firefox says on stderr where it listens. */
async function listeningAddress(child: ChildProcess): Promise<string> {
  if (!child.stderr) throw new Error('Firefox has no stderr.');
  for await (const line of createInterface({ input: child.stderr })) {
    const [, address] = /WebDriver BiDi listening on (ws:\S+)/.exec(line) ?? [];
    if (address) {
      child.stderr.resume();
      return `${address}/session`;
    }
  }
  throw new Error('Firefox ended before it listened.');
}

async function converse(address: string, stop: () => Promise<void>): Promise<SmokeBrowser> {
  const socket = new WebSocket(address);
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = () => reject(new Error(`Firefox does not answer at ${address}.`));
  });
  const waiting = new Map<number, { resolve(result: Result): void; reject(error: Error): void }>();
  const errors: string[] = [];
  let id = 0;
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(String(data)) as Message;
    if (message.method === 'log.entryAdded' && message.params?.level === 'error') {
      errors.push(String(message.params.text));
    }
    const call = message.id === undefined ? undefined : waiting.get(message.id);
    if (message.type === 'error') call?.reject(new Error(message.message));
    else call?.resolve(message.result ?? {});
  };
  const send = (method: string, params: Result) =>
    new Promise<Result>((resolve, reject) => {
      waiting.set(++id, { resolve, reject });
      socket.send(JSON.stringify({ id, method, params }));
    });

  await send('session.new', { capabilities: {} });
  await send('session.subscribe', { events: ['log.entryAdded'] });
  const { contexts } = await send('browsingContext.getTree', {});
  const { context } = (contexts as { context: string }[])[0] ?? {};

  async function run(expression: string): Promise<Result> {
    const params = { expression, target: { context }, awaitPromise: true };
    const answer = await send('script.evaluate', params);
    if (answer.type === 'exception') throw new Error((answer.exceptionDetails as { text: string }).text);
    return answer.result as Result;
  }

  return {
    errors,
    async open(url) {
      await send('browsingContext.navigate', { context, url, wait: 'complete' });
    },
    async evaluate(expression) {
      const { value } = await run(`(async () => JSON.stringify((await (${expression})) ?? null))()`);
      return JSON.parse(value as string);
    },
    async setFiles(selector, files) {
      const { sharedId } = await run(`document.querySelector(${JSON.stringify(selector)})`);
      await send('input.setFiles', { context, element: { sharedId }, files });
    },
    async close() {
      await send('browser.close', {}).catch(() => {});
      socket.close();
      await stop();
    },
  };
}
