import { join } from 'node:path';
import { build } from 'vite';
import { ROOT } from '../scripts/build.ts';
import { shared } from '../vite.config.ts';

/** Builds the page that runs engines and stages by themselves, for one benchmark; returns its folder. */
export async function buildBenchPage(benchmark: string): Promise<string> {
  const outDir = join(ROOT, 'test-results', `bench-${benchmark}`);
  await build({
    ...shared,
    root: join(ROOT, 'bench', 'app'),
    publicDir: join(ROOT, 'public'),
    configFile: false,
    logLevel: 'warn',
    base: './',
    build: {
      target: 'es2022',
      outDir,
      emptyOutDir: true,
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 1200,
      rolldownOptions: { checks: { pluginTimings: false } },
    },
  });
  return outDir;
}
