import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { ROOT } from '../scripts/build.ts';

/**
 * Starts a script of the project as its npm script does. Not by tsx's own command: it stands between, and kills a
 * script that does not tell it within 30 ms that a signal has come.
 */
export function runScript(
  name: string,
  args: readonly string[],
  options: { cwd?: string; env: NodeJS.ProcessEnv },
): ChildProcessByStdio<null, Readable, Readable> {
  return spawn(
    process.execPath,
    ['--import', import.meta.resolve('tsx'), join(ROOT, 'scripts', name), ...args],
    { ...options, stdio: ['ignore', 'pipe', 'pipe'] },
  );
}
