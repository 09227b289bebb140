import { wrap } from 'comlink';
import type { ShareAbout } from '../domain/share.ts';
import { createFinder, type Finder } from './finder.ts';

/** Starts a finder in a worker made of the page's own script; where the browser refuses that, on the page's thread. */
export async function startFinder(about: ShareAbout, script: string, onDeath: () => void): Promise<Finder> {
  let worker: Worker | undefined;
  try {
    worker = new Worker(URL.createObjectURL(new Blob([script], { type: 'text/javascript' })));
    const started = worker;
    const finder: Finder = wrap<Finder>(started);
    await new Promise<void>((resolve, reject) => {
      started.addEventListener('error', reject);
      finder.open(about).then(resolve, reject);
    });
    started.addEventListener('error', onDeath);
    return finder;
  } catch {
    worker?.terminate();
    const finder = createFinder();
    await finder.open(about);
    return finder;
  }
}
