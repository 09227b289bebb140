const MOST = 8;
/** Up to here every core embeds; beyond, two are left to the page and to reading files. */
const FEW_CORES = 4;
const MEMORY_SHARE = 0.25;
const MEMORY_MOST = 1.5 * 2 ** 30;
/** Where the browser does not tell. */
const ASSUMED_MEMORY_GB = 4;

/** What engines may hold together, in bytes: a quarter of the device's memory, and at most 1.5 GB. */
export function memoryBudget({ memoryGB = ASSUMED_MEMORY_GB }: { memoryGB?: number | undefined }): number {
  return Math.min(memoryGB * 2 ** 30 * MEMORY_SHARE, MEMORY_MOST);
}

/** Instances of a model worth running, 1 to 8: by cores, and as many as `budget` bytes hold. */
export function poolSize(cores: number, budget: number, instanceBytes: number): number {
  const byCores = cores <= FEW_CORES ? cores : Math.max(FEW_CORES, cores - 2);
  const size = Math.min(byCores, Math.floor(budget / instanceBytes), MOST);
  return Number.isFinite(size) ? Math.max(1, size) : 1;
}
