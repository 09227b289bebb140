/** How long back the speed is measured. */
const WINDOW_MS = 10_000;
/** Shorter measurements say nothing. */
const SHORTEST_MS = 1_000;

export interface SpeedMeter {
  add(amount: number): void;
  /** A second, over the last seconds; undefined while too little is known. */
  perSecond(): number | undefined;
  reset(): void;
}

export function createSpeedMeter(clock: () => number = Date.now): SpeedMeter {
  let samples: { at: number; amount: number }[] = [];
  let since: number | undefined;
  return {
    add(amount) {
      const at = clock();
      since ??= at;
      samples.push({ at, amount });
      while (samples[0] && samples[0].at < at - WINDOW_MS) samples.shift();
    },
    perSecond() {
      if (since === undefined) return undefined;
      const now = clock();
      const span = Math.min(now - since, WINDOW_MS);
      if (span < SHORTEST_MS) return undefined;
      let sum = 0;
      for (const sample of samples) if (sample.at >= now - WINDOW_MS) sum += sample.amount;
      return (sum * 1000) / span;
    },
    reset() {
      samples = [];
      since = undefined;
    },
  };
}
