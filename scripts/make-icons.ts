import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from 'playwright';
import { ROOT } from './build.ts';
import { CHROMIUM_FLAGS } from './chromium-flags.ts';
import { ensureBrowser } from './ensure-browser.ts';

/** Draws public/icon.svg as the PNGs of the web app manifest: `npx tsx scripts/make-icons.ts` after it changed. */

const PUBLIC = join(ROOT, 'public');
const icon = (await readFile(join(PUBLIC, 'icon.svg'), 'utf8')).replace(
  '<svg ',
  '<svg width="100%" height="100%" ',
);

/** `share`: of the width, that the drawing takes; a maskable one keeps to the circle that is never cut off. */
const ICONS = [
  { name: 'icon-192.png', size: 192, share: 0.9, background: 'transparent' },
  { name: 'icon-512.png', size: 512, share: 0.9, background: 'transparent' },
  { name: 'icon-maskable-512.png', size: 512, share: 0.62, background: '#ffffff' },
];

const browser = await chromium.launch({ executablePath: ensureBrowser(), args: CHROMIUM_FLAGS });
try {
  const page = await browser.newPage();
  for (const { name, size, share, background } of ICONS) {
    await page.setViewportSize({ width: size, height: size });
    const margin = ((1 - share) / 2) * size;
    await page.setContent(`<body style="margin:0"><div style="box-sizing:border-box;width:${size}px;height:${size}px;
      padding:${margin}px;background:${background}">${icon}</div>`);
    await page.screenshot({ path: join(PUBLIC, name), omitBackground: true });
  }
} finally {
  await browser.close();
}
