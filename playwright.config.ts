import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results/e2e',
  globalSetup: './e2e/global-setup.ts',
  // Tests wait more than they work: two at once take little more than half the time on two cores.
  workers: 2,
  fullyParallel: false,
  retries: 0,
  forbidOnly: process.env.CI !== undefined,
  // Long: a test waits for what is to happen, however slow or unsteady the machine is, and costs no more than that.
  timeout: 900_000,
  expect: { timeout: 120_000 },
  use: {
    viewport: { width: 1280, height: 800 },
    colorScheme: 'light',
    // What cannot be clicked for so long never will: its failure says what is in the way.
    actionTimeout: 180_000,
    // Its cache would hide what a test's server changes; specs about it allow it.
    serviceWorkers: 'block',
    trace: 'off',
    video: 'off',
  },
  projects: [
    { name: 'chromium', testMatch: '*.spec.ts', testIgnore: 'soak/**', grepInvert: /@slow/ },
    // Waits for time-outs or works through much: beside the long ones.
    { name: 'slow', testMatch: '*.spec.ts', testIgnore: 'soak/**', grep: /@slow/ },
    // Long, and not part of `npm test`.
    { name: 'soak', testMatch: 'soak/*.spec.ts', timeout: 3_600_000 },
  ],
});
