import { VecdropError } from '../domain/errors.ts';

/** What the database and the page need beside a model. */
const RESERVE_BYTES = 32 * 1024 * 1024;

/**
 * Rejects with 'storage/quota' where the browser would not give so many bytes more. `refusal` begins the sentence.
 * Where it does not tell, the disk has the last word.
 */
export async function checkSpace(
  bytes: number,
  refusal: string,
  storage: Pick<StorageManager, 'estimate'> = navigator.storage,
): Promise<void> {
  const { usage, quota } = await storage.estimate().catch((): StorageEstimate => ({}));
  if (usage === undefined || quota === undefined) return;
  const free = Math.max(0, quota - usage);
  if (bytes + RESERVE_BYTES <= free) return;
  throw new VecdropError(
    'storage/quota',
    `${refusal}: it takes ${megabytes(bytes)}, and the browser has ${megabytes(free)} left for Vecdrop. Remove models or collections you no longer need, or free space on the disk.`,
  );
}

function megabytes(bytes: number): string {
  return bytes < 1e9 ? `${Math.ceil(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
