import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { CHROMIUM_FLAGS } from './scripts/chromium-flags.ts';
import { findBrowser } from './scripts/ensure-browser.ts';
import { shared } from './vite.config.ts';

export default defineConfig({
  ...shared,
  test: {
    // Looked for here, not in the project. On a new machine all dependencies are bundled before the page can answer.
    browser: { connectTimeout: 300_000 },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          environment: 'node',
          testTimeout: 180_000,
          hookTimeout: 180_000,
          expect: { poll: { timeout: 60_000 } },
          // A process for each file, and its imports, took more time than the tests. What a test replaces is put back.
          isolate: false,
          restoreMocks: true,
          unstubGlobals: true,
          // By default one core is left to the runner itself, which has little to do.
          maxWorkers: '100%',
          include: ['src/**/*.test.ts', 'src/**/*.test.tsx', 'scripts/**/*.test.ts'],
        },
      },
      {
        extends: true,
        server: {
          headers: {
            'Cross-Origin-Opener-Policy': 'same-origin',
            'Cross-Origin-Embedder-Policy': 'require-corp',
          },
        },
        // Found late, a dependency would be bundled late, and the page reloaded in the middle of a test.
        optimizeDeps: {
          // All of them: one that is found on the way reloads the test that runs.
          include: [
            '@tanstack/react-virtual',
            '@wllama/wllama/esm/index.js',
            'chardet',
            'comlink',
            'fflate',
            'hash-wasm',
            'idb',
            'lucide-react',
            'radix-ui',
            'react-dom/client',
            'zustand',
            'zustand/vanilla',
          ],
        },
        test: {
          name: 'browser',
          include: ['src/**/*.browser.ts'],
          // A slow or unsteady machine takes its time; a steady one never waits for so long.
          testTimeout: 240_000,
          hookTimeout: 240_000,
          expect: { poll: { timeout: 60_000 } },
          // Two at once on two cores would time each other out.
          fileParallelism: false,
          browser: {
            enabled: true,
            headless: true,
            ui: false,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: { executablePath: findBrowser(), args: CHROMIUM_FLAGS },
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
});
