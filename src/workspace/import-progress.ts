import type { ImportProgress } from './imports-api.ts';
import { createSpeedMeter } from './speed.ts';

/** Every message to the page is a task there. */
const INTERVAL_MS = 100;

/** Tells how far an import is, at most ten times a second, with how long it will still take at the speed of the last seconds. */
export function pacedProgress(
  progress: (progress: ImportProgress) => void,
  clock: () => number = Date.now,
): (progress: Omit<ImportProgress, 'secondsLeft'>) => void {
  const meter = createSpeedMeter(clock);
  let share = 0;
  let writing = false;
  let next = 0;
  return said => {
    const now = clock();
    if (now < next) return;
    next = now + INTERVAL_MS;
    // It never goes back: guesses of how much there is may.
    const more = Math.max(0, said.share - share);
    share += more;
    // Going through a file for the first time says nothing of how fast it will be written.
    if (said.done > 0) meter.add(writing ? more : 0);
    writing = said.done > 0;
    const speed = meter.perSecond();
    progress({ ...said, share, ...(speed ? { secondsLeft: (1 - share) / speed } : {}) });
  };
}
