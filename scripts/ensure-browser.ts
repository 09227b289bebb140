import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright';

const COMMANDS = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
const APPLICATIONS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
];

/** The path of a Chromium or Chrome: CHROME_PATH, the system's, Playwright's own; undefined when there is none. */
export function findBrowser(): string | undefined {
  const named = process.env.CHROME_PATH;
  if (named) {
    if (isExecutable(named)) return named;
    throw new Error(`CHROME_PATH is ${named}, which is not an executable file. Correct or unset it.`);
  }
  const inPath = COMMANDS.flatMap(command =>
    (process.env.PATH ?? '').split(delimiter).map(folder => join(folder, command)),
  );
  return [...inPath, ...APPLICATIONS, chromium.executablePath()].find(isExecutable);
}

/** As findBrowser, but installs one where there is none: by apt-get on Debian, else by Playwright. Throws if that fails. */
export function ensureBrowser(): string {
  const found = findBrowser();
  if (found) return found;
  process.stderr.write('No Chromium or Chrome on this machine: installing one.\n');
  const root = process.getuid?.() === 0;
  const sudo = root ? [] : ['sudo', '-n'];
  const installed =
    (hasCommand('apt-get') &&
      (root || hasCommand('sudo')) &&
      run([...sudo, 'apt-get', 'update']) &&
      run([...sudo, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', 'install', '-y', 'chromium'])) ||
    run([process.execPath, join('node_modules', 'playwright', 'cli.js'), 'install', 'chromium']);
  const browser = installed ? findBrowser() : undefined;
  if (!browser) {
    throw new Error('No browser could be installed. Install Chromium or Chrome, or set CHROME_PATH to one.');
  }
  return browser;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function hasCommand(command: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some(folder => isExecutable(join(folder, command)));
}

/** Runs a command, its output to stderr: stdout is for the path alone. */
function run([command = '', ...args]: string[]): boolean {
  return spawnSync(command, args, { stdio: ['ignore', 2, 2] }).status === 0;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    process.stdout.write(`${ensureBrowser()}\n`);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}
