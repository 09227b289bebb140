import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The repository's root. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** The built page. */
export const DIST = join(ROOT, 'dist');

const STAMP = join(DIST, '.inputs');
const FILES = [
  'index.html',
  'vite.config.ts',
  'package-lock.json',
  'scripts/headers.ts',
  'scripts/pwa.ts',
  'scripts/share-page.ts',
  'scripts/wasm.ts',
  'scripts/web-manifest.ts',
];
const FOLDERS = ['src', 'public', 'assembly'];
const TEST = /\.(test|browser|browser\.worker)\.tsx?$/;

/** Builds the page unless dist/ already holds what its sources, by their content, make. */
export async function buildIfStale(): Promise<void> {
  const built = await readFile(STAMP, 'utf8').catch(() => '');
  if (built !== (await hashInputs()) || !existsSync(join(DIST, 'index.html'))) await buildPage();
}

async function buildPage(): Promise<void> {
  process.stderr.write('Building the page …\n');
  // Taken before: what is edited meanwhile makes the build stale.
  const inputs = await hashInputs();
  // Most starts have nothing to build: they need not load the builder.
  const { build } = await import('vite');
  await build({ root: ROOT, logLevel: 'warn' });
  await writeFile(STAMP, inputs);
}

/** sha256, in hex, over the paths and contents of all that goes into dist/. */
async function hashInputs(): Promise<string> {
  const paths = FILES.map(file => join(ROOT, file));
  for (const folder of FOLDERS) {
    if (!existsSync(join(ROOT, folder))) continue;
    for (const entry of await readdir(join(ROOT, folder), { recursive: true, withFileTypes: true })) {
      if (entry.isFile() && !TEST.test(entry.name)) paths.push(join(entry.parentPath, entry.name));
    }
  }
  const hash = createHash('sha256');
  for (const path of paths.sort()) {
    const bytes = await readFile(path);
    hash.update(`${relative(ROOT, path).split(sep).join('/')}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest('hex');
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await buildPage();
