import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './build.ts';
import { ensureBrowser } from './ensure-browser.ts';
import { type Counts, readPlaywright, readVitest } from './test-reports.ts';

const RESULTS = join(ROOT, 'test-results');
const RUNTIMES = ['page', 'worker', 'sw', 'node', 'test'];

/** Every suite, in the order of their cost. Each streams its output and says what it counted. */
const SUITES: Record<string, () => Counts> = {
  types: () => sum(RUNTIMES.map(name => check('tsc', '-p', `tsconfig.${name}.json`))),
  lint: () => check('biome', 'check', '.'),
  knip: () => check('knip'),
  build: () => check('tsx', 'scripts/build.ts'),
  unit: () => vitest('unit'),
  browser: () => vitest('browser'),
  e2e: () => playwright('chromium'),
};

const names = process.argv.slice(2);
const unknown = names.filter(name => !(name in SUITES));
if (unknown.length > 0) {
  process.stderr.write(`No suite ${unknown.join(', ')}. There are: ${Object.keys(SUITES).join(', ')}.\n`);
  process.exit(2);
}

const outcomes: [string, Counts][] = [];
for (const name of names.length > 0 ? names : Object.keys(SUITES)) {
  process.stdout.write(`\n── ${name}\n`);
  outcomes.push([name, (SUITES[name] as () => Counts)()]);
}
const total = sum(outcomes.map(([, counts]) => counts));
// Once more at the end: above, they stand among thousands of lines.
for (const [name, { failures = [] }] of outcomes) {
  for (const failure of failures) process.stdout.write(`\n✗ ${name}: ${failure}\n`);
}
process.stdout.write('\n');
for (const [name, { passed, failed }] of outcomes) {
  process.stdout.write(`${name.padEnd(8)} ${passed} passed, ${failed} failed\n`);
}
process.stdout.write(`${total.passed} passed, ${total.failed} failed\n`);
process.exitCode = total.failed > 0 ? 1 : 0;

/** A tool that passes or fails as one check. */
function check(command: string, ...args: string[]): Counts {
  return run(command, args) ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

function vitest(project: string): Counts {
  const args = ['run', '--project', project, '--reporter=default', '--reporter=json'];
  return suite(project, file => run('vitest', [...args, `--outputFile.json=${file}`]), readVitest);
}

function playwright(project: string): Counts {
  const args = ['test', '--project', project, '--reporter=list,json'];
  return suite(
    `e2e-${project}`,
    file => run('playwright', args, { PLAYWRIGHT_JSON_OUTPUT_FILE: file }),
    readPlaywright,
  );
}

/** Runs a suite with a JSON report. No report, no test, or a failure that no test accounts for is one failure. */
function suite<T>(name: string, start: (file: string) => boolean, read: (report: T) => Counts): Counts {
  const file = join(RESULTS, `${name}.json`);
  mkdirSync(RESULTS, { recursive: true });
  rmSync(file, { force: true });
  let counts: Counts = { passed: 0, failed: 0 };
  let ok = false;
  try {
    if (name !== 'unit') ensureBrowser();
    ok = start(file);
    counts = read(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    process.stderr.write(`${name}: ${(error as Error).message}\n`);
  }
  if (counts.passed + counts.failed === 0) process.stderr.write(`${name}: no test ran.\n`);
  const unaccounted = counts.failed === 0 && (!ok || counts.passed === 0);
  return unaccounted ? { passed: counts.passed, failed: 1 } : counts;
}

/** Runs a command of node_modules with its output streamed; true when it exits with 0. */
function run(command: string, args: string[], variables: NodeJS.ProcessEnv = {}): boolean {
  const result = spawnSync(join(ROOT, 'node_modules', '.bin', command), args, {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, CI: 'true', ...variables },
    shell: process.platform === 'win32',
  });
  return result.status === 0;
}

function sum(counts: Counts[]): Counts {
  return {
    passed: counts.reduce((total, { passed }) => total + passed, 0),
    failed: counts.reduce((total, { failed }) => total + failed, 0),
  };
}
