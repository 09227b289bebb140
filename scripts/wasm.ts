import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import asc from 'assemblyscript/asc';
import assemblyscript from 'assemblyscript/package.json' with { type: 'json' };
import type { Plugin } from 'vite';

const ASSEMBLY = join(import.meta.dirname, '..', 'assembly');
const CACHE = join(import.meta.dirname, '..', 'node_modules', '.cache', 'wasm');
/** What an id ends in, and what is compiled otherwise for it. */
const VARIANTS: Record<string, readonly string[]> = {
  '.ts?wasm': [],
  '.ts?wasm&shared': ['--enable=threads', '--sharedMemory', '--maximumMemory=65536'],
};
const OPTIONS = [
  '--optimizeLevel=3',
  '--noAssert',
  '--runtime=stub',
  '--importMemory',
  '--enable=simd',
  '--use=abort=',
];

/**
 * Lets `import bytes from '…/assembly/<name>.ts?wasm'` give a module of assembly/, compiled, as a Uint8Array: part of
 * the script that imports it, so that there is nothing more to fetch, to cache or to keep in step. `?wasm&shared`: the
 * same for memory that threads share, of any size.
 */
export function wasm(): Plugin {
  return {
    name: 'vecdrop:wasm',
    enforce: 'pre',
    load: {
      filter: { id: /\.ts\?wasm(&shared)?$/ },
      async handler(id) {
        for (const file of await sources()) this.addWatchFile(join(ASSEMBLY, file));
        const variant = id.slice(id.lastIndexOf('.ts?'));
        const bytes = await compile(basename(id, variant), [...OPTIONS, ...(VARIANTS[variant] ?? [])]);
        return `export default Uint8Array.from(atob('${Buffer.from(bytes).toString('base64')}'), c => c.charCodeAt(0));`;
      },
    },
  };
}

/** The module that has assembly/<name>.ts as its entry; from the cache where sources and compiler are the same. */
async function compile(name: string, options: readonly string[]): Promise<Uint8Array> {
  const texts = new Map<string, string>();
  for (const file of await sources()) texts.set(file, await readFile(join(ASSEMBLY, file), 'utf8'));
  const hash = createHash('sha256').update(JSON.stringify([assemblyscript.version, options, [...texts]]));
  const cached = join(CACHE, `${name}-${hash.digest('hex').slice(0, 32)}.wasm`);
  return readFile(cached).catch(async () => {
    const bytes = await compileAnew(name, texts, options);
    await mkdir(CACHE, { recursive: true });
    // Under a name of its own first: several builds may run at once, and one build bundles several workers.
    const fresh = `${cached}.${randomUUID()}`;
    await writeFile(fresh, bytes);
    await rename(fresh, cached);
    return bytes;
  });
}

async function compileAnew(
  name: string,
  texts: ReadonlyMap<string, string>,
  options: readonly string[],
): Promise<Uint8Array> {
  let bytes: Uint8Array | undefined;
  const { error, stderr } = await asc.main([`${name}.ts`, '--outFile=out.wasm', ...options], {
    readFile: file => texts.get(basename(file)) ?? null,
    writeFile: (_, contents) => {
      bytes = contents as Uint8Array;
    },
    listFiles: () => [],
  });
  if (error || !bytes)
    throw new Error(`assembly/${name}.ts does not compile:\n${stderr.toString()}`, { cause: error });
  return bytes;
}

/** Names of the files in assembly/, sorted. */
async function sources(): Promise<string[]> {
  return (await readdir(ASSEMBLY)).filter(file => file.endsWith('.ts')).sort();
}
