import { createRequire } from 'node:module';
import react from '@vitejs/plugin-react';
import { defineConfig, type UserConfig } from 'vite';
import packageJson from './package.json' with { type: 'json' };
import { securityHeaders } from './scripts/headers.ts';
import { pdfWorkerWithText } from './scripts/pdf-library.ts';
import { pwa } from './scripts/pwa.ts';
import { sharePage } from './scripts/share-page.ts';
import { wasm } from './scripts/wasm.ts';

/** The engine's two builds come by one file name: the service worker keeps one of them, and tells them apart by theirs. */
const bundling = {
  checks: { pluginTimings: false },
  output: {
    assetFileNames: ({ originalFileNames: [from = ''] }: { originalFileNames: string[] }) =>
      from.includes('wllama-compat')
        ? 'assets/wllama-compat-[hash][extname]'
        : 'assets/[name]-[hash][extname]',
  },
};

/** What the tests' server needs as well. */
export const shared = {
  define: { __VERSION__: JSON.stringify(packageJson.version) },
  plugins: [react(), wasm()],
  worker: { format: 'es', rolldownOptions: bundling, plugins: () => [wasm()] },
  resolve: {
    alias: {
      'pdfjs-dist/legacy/build/pdf.worker.mjs': pdfWorkerWithText(),
      // Its build for browsers needs a document, which workers have not.
      'decode-named-character-reference': createRequire(import.meta.url).resolve(
        'decode-named-character-reference',
      ),
    },
  },
} satisfies UserConfig;

export default defineConfig({
  ...shared,
  plugins: [...shared.plugins, sharePage(), pwa()],
  base: './',
  build: {
    target: 'es2022',
    chunkSizeWarningLimit: 1200,
    assetsInlineLimit: 0,
    rolldownOptions: bundling,
  },
  server: { host: '127.0.0.1', headers: securityHeaders({ development: true }) },
  preview: { host: '127.0.0.1', port: 8080, headers: securityHeaders() },
});
