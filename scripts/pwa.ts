import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Plugin } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';
import { builtIn } from '../src/workspace/built-in.ts';
import { pagePolicy } from './headers.ts';
import { webManifest } from './web-manifest.ts';

const LARGE = /\.(gguf|wasm)$|\/compat-[^/]+\.js$/;

/** The service worker with the list of files that it keeps, the web app manifest, and the policy in the page itself. */
export function pwa(): Plugin[] {
  let dist = '';
  return [
    {
      name: 'vecdrop:page-policy',
      apply: 'build',
      configResolved({ root, build }) {
        dist = resolve(root, build.outDir);
      },
      // For hosts that send no headers: the first visit is bound too.
      transformIndexHtml: () => [
        {
          tag: 'meta',
          attrs: { 'http-equiv': 'Content-Security-Policy', content: pagePolicy() },
          injectTo: 'head-prepend',
        },
      ],
    },
    ...VitePWA({
      strategies: 'injectManifest',
      srcDir: 'src/sw',
      filename: 'sw.ts',
      injectRegister: false,
      includeManifestIcons: false,
      manifest: webManifest(),
      injectManifest: {
        rollupFormat: 'iife',
        globPatterns: ['**/*.{html,js,css,wasm,svg,png}', 'sample/*', 'models/*.gguf'],
        // The model: the largest file that is kept.
        maximumFileSizeToCacheInBytes: builtIn.bytes,
        dontCacheBustURLsMatching: /^assets\//,
        manifestTransforms: [
          async entries => ({
            manifest: await Promise.all(
              entries.map(async entry =>
                LARGE.test(entry.url)
                  ? { ...entry, integrity: await integrityOf(join(dist, entry.url)) }
                  : entry,
              ),
            ),
          }),
        ],
      },
    }),
  ];
}

/** As of Subresource Integrity. */
async function integrityOf(path: string): Promise<string> {
  const bytes = await readFile(path);
  return `sha256-${createHash('sha256').update(bytes).digest('base64')}`;
}
