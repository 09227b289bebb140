import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { WebKitPrograms } from './webkit.ts';

/** Where Debian puts the browsers of its WebKit packages: /usr/lib/<architecture>/webkit2gtk-<version>/MiniBrowser. */
const LIBRARIES = '/usr/lib';

/** FIREFOX_PATH, or a Firefox of this machine; installed by apt-get where there is none. Undefined when that fails. */
export function findFirefox(): string | undefined {
  const find = () => process.env.FIREFOX_PATH ?? inPath('firefox-esr') ?? inPath('firefox');
  return find() ?? (install('firefox-esr') ? find() : undefined);
}

/** WebKitGTK's driver and browser, and a screen for it; as findFirefox. */
export function findWebKit(): WebKitPrograms | undefined {
  const find = () => {
    const [driver, xvfb, miniBrowser] = [inPath('WebKitWebDriver'), inPath('Xvfb'), miniBrowserPath()];
    return driver && xvfb && miniBrowser ? { driver, xvfb, miniBrowser } : undefined;
  };
  return find() ?? (install('webkit2gtk-driver', 'xvfb') ? find() : undefined);
}

function miniBrowserPath(): string | undefined {
  if (!existsSync(LIBRARIES)) return undefined;
  const within = (folder: string, prefix = '') =>
    readdirSync(folder, { withFileTypes: true })
      .filter(entry => entry.isDirectory() && entry.name.startsWith(prefix))
      .map(entry => join(folder, entry.name));
  return within(LIBRARIES)
    .flatMap(folder => within(folder, 'webkit'))
    .map(folder => join(folder, 'MiniBrowser'))
    .find(existsSync);
}

function inPath(command: string): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.map(folder => join(folder, command)).find(existsSync);
}

/** By apt-get; its output to stderr. False where that cannot be. */
function install(...packages: string[]): boolean {
  if (!inPath('apt-get')) return false;
  process.stderr.write(`Installing ${packages.join(' and ')}.\n`);
  const sudo = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const run = (...args: string[]) => {
    const [command = '', ...rest] = [...sudo, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...args];
    return spawnSync(command, rest, { stdio: ['ignore', 2, 2] }).status === 0;
  };
  return run('update') && run('install', '-y', '--no-install-recommends', ...packages);
}
