const MOST = 8;
/** Up to here every core embeds; beyond, two are left to the page and to reading files. */
const FEW_CORES = 4;
const MEMORY_SHARE = 0.25;
const MEMORY_MOST = 1.5 * 2 ** 30;
/** Where the browser does not tell. */
const ASSUMED_MEMORY_GB = 4;

/** What the pool's size depends on. */
export interface Machine {
  /** navigator.hardwareConcurrency. */
  cores: number;
  /** navigator.deviceMemory: gigabytes, rounded by the browser; absent in some. */
  memoryGB?: number | undefined;
}

/**
 * Instances of a model worth running: 1 to 8, by cores, and by memory: together they take
 * at most a quarter of the device's memory and at most 1.5 GB. `instanceBytes` is what one holds.
 */
export function poolSize({ cores, memoryGB = ASSUMED_MEMORY_GB }: Machine, instanceBytes: number): number {
  const byCores = cores <= FEW_CORES ? cores : Math.max(FEW_CORES, cores - 2);
  const memory = Math.min(memoryGB * 2 ** 30 * MEMORY_SHARE, MEMORY_MOST);
  const size = Math.min(byCores, Math.floor(memory / instanceBytes), MOST);
  return Number.isFinite(size) ? Math.max(1, size) : 1;
}
