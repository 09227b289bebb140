import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';
import type { SmokeBrowser } from './smoke-browser.ts';

/** What drives WebKit: its driver, the browser that the driver starts, and a screen where there is none. */
export interface WebKitPrograms {
  driver: string;
  miniBrowser: string;
  xvfb: string;
}

const START_MS = 30_000;
const SCRIPT_MS = 120_000;

/** Starts WebKitGTK's MiniBrowser by WebDriver (W3C), on a screen of its own; its session is a private window. */
export async function startWebKit({ driver, miniBrowser, xvfb }: WebKitPrograms): Promise<SmokeBrowser> {
  const screen = spawn(xvfb, ['-displayfd', '3', '-screen', '0', '1280x900x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const children: ChildProcess[] = [screen];
  const stop = async () => {
    for (const child of children.reverse()) {
      const ended = new Promise(resolve => child.once('exit', resolve));
      if (child.exitCode === null && child.kill()) await ended;
    }
  };
  try {
    const display = await firstLine(screen);
    const port = await freePort();
    const child = spawn(driver, [`--port=${port}`], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, DISPLAY: `:${display}`, LIBGL_ALWAYS_SOFTWARE: '1' },
    });
    children.push(child);
    return await converse(`http://127.0.0.1:${port}`, miniBrowser, child, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function converse(
  driver: string,
  binary: string,
  child: ChildProcess,
  stop: () => Promise<void>,
): Promise<SmokeBrowser> {
  const errors: string[] = [];
  // The browser writes its console to the standard output that it shares with the driver.
  if (child.stdout) {
    createInterface({ input: child.stdout }).on('line', line => {
      if (/^CONSOLE \w+ ERROR/.test(line)) errors.push(line);
    });
  }
  const send = async (method: string, path: string, body?: object): Promise<unknown> => {
    const response = await fetch(driver + path, { method, ...(body && { body: JSON.stringify(body) }) });
    const { value } = (await response.json()) as { value: { error?: string; message?: string } | null };
    if (!response.ok) throw new Error(`WebDriver: ${value?.error}: ${value?.message}`);
    return value;
  };
  const options = {
    binary,
    args: ['--automation', '--enable-write-console-messages-to-stdout=true'],
  };
  await listening(driver);
  const { sessionId } = (await send('POST', '/session', {
    capabilities: { alwaysMatch: { 'webkitgtk:browserOptions': options } },
  })) as { sessionId: string };
  const session = `/session/${sessionId}`;
  await send('POST', `${session}/timeouts`, { script: SCRIPT_MS, pageLoad: SCRIPT_MS });

  async function evaluate<T>(expression: string): Promise<T> {
    const script = `const done = arguments[0];
      (async () => JSON.stringify((await (${expression})) ?? null))()
        .then(value => done({ value }), error => done({ error: String(error) }));`;
    const answer = await send('POST', `${session}/execute/async`, { script, args: [] });
    const { value, error } = answer as { value: string; error?: string };
    if (error !== undefined) throw new Error(error);
    return JSON.parse(value);
  }

  return {
    errors,
    evaluate,
    async open(url) {
      await send('POST', `${session}/url`, { url });
    },
    async setFiles(selector, paths) {
      // The driver's own way does not reach a hidden input.
      const files = await Promise.all(
        paths.map(async path => ({ name: basename(path), text: await readFile(path, 'utf8') })),
      );
      await evaluate(`(() => {
        const transfer = new DataTransfer();
        for (const { name, text } of ${JSON.stringify(files)}) transfer.items.add(new File([text], name));
        const input = document.querySelector(${JSON.stringify(selector)});
        input.files = transfer.files;
        input.dispatchEvent(new Event('change', { bubbles: true }));
      })()`);
    },
    async close() {
      await send('DELETE', session).catch(() => {});
      await stop();
    },
  };
}

/** The display that the X server chose: it writes it when it is ready. */
async function firstLine(screen: ChildProcess): Promise<string> {
  const pipe = screen.stdio[3];
  if (!pipe || !('read' in pipe)) throw new Error('The X server has no pipe to say its display.');
  for await (const line of createInterface({ input: pipe })) return line.trim();
  throw new Error('The X server ended before it had a display.');
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise(resolve => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('There is no free port.');
  return address.port;
}

async function listening(driver: string): Promise<void> {
  const deadline = Date.now() + START_MS;
  while (!(await fetch(`${driver}/status`).catch(() => undefined))) {
    if (Date.now() > deadline) throw new Error('WebKitWebDriver does not answer.');
    await new Promise(resolve => setTimeout(resolve, 100));
  }
}
