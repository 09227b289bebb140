import type { ShareAbout } from '../domain/share.ts';
import type { Finder, ReadSoFar } from './finder.ts';
import { createFrame } from './frame.ts';
import { createHitsPane } from './hits-pane.ts';
import { pageBlocks } from './page-blocks.ts';
import { createReader } from './reader.ts';
import { startFinder } from './start-finder.ts';
import { readingWords } from './words.ts';

/** Puts the page together, then reads the blocks that the browser reads behind it. */
export function startPage(): void {
  followTheme();
  // Only while the script runs for the first time is it known which one it is.
  const script = document.currentScript?.textContent ?? '';
  // A task of its own: compiling the script was one already.
  setTimeout(() => begin(script));
}

function begin(script: string): void {
  const said = document.getElementById('about')?.textContent ?? '';
  if (said === '') {
    document.body.append('There is no collection in this page. Export one from Vecdrop as a web page.');
    return;
  }
  const about: ShareAbout = JSON.parse(said);
  const frame = createFrame(about);
  document.getElementById('root')?.append(frame.element);
  void run(about, script, frame).catch(error => frame.warn(sentenceOf(error)));
}

async function run(about: ShareAbout, script: string, frame: ReturnType<typeof createFrame>): Promise<void> {
  const died = () => frame.warn('The search has stopped. Reload the page.');
  const finder = await startFinder(about, script, died);
  const reader = createReader(finder, frame);
  const pane = createHitsPane({ about, finder, frame, reader });
  const whole = await readBlocks(finder, read => {
    frame.progress(readingWords(about, read));
    pane.again('soon');
  });
  const { model } = await finder.end();
  frame.progress(undefined);
  frame.files((await finder.files()).length);
  pane.again();
  if (!whole) {
    frame.warn('This file is cut short: what is missing is not found. Get it again from whom you have it.');
  } else if (model === 'failed') {
    frame.warn('The model in this file could not be started here: what is found is found by words only.');
  }
}

/** Hands block after block on, each when the one before is in: questions find their way between them. False where the last is missing. */
async function readBlocks(finder: Finder, onRead: (read: ReadSoFar) => void): Promise<boolean> {
  for await (const { kind, text } of pageBlocks()) {
    if (kind === 'end') return true;
    onRead(await finder.add(kind, text));
  }
  return false;
}

function followTheme(): void {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const follow = () => {
    document.documentElement.dataset.theme = dark.matches ? 'dark' : 'light';
  };
  follow();
  dark.addEventListener('change', follow);
}

function sentenceOf(error: unknown): string {
  return error instanceof Error && error.message ? error.message : 'Something went wrong. Reload the page.';
}
