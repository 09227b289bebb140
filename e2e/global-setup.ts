import { buildIfStale } from '../scripts/build.ts';
import { ensureBrowser } from '../scripts/ensure-browser.ts';

/** One build and one browser for all specs. */
export default async function prepare(): Promise<void> {
  ensureBrowser();
  await buildIfStale();
}
