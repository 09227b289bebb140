import type { Look } from '../domain/folder.ts';
import { holdsNoText, SAMPLE } from '../ingest/detect.ts';
import { sha256 } from './sha256.ts';

/** Whether a file of any size holds no text, by samples of it. Rejects where it cannot be read. */
export async function hasNoText(file: Blob): Promise<boolean> {
  const middle = file.size >> 1;
  const parts =
    file.size <= 3 * SAMPLE
      ? [file]
      : [file.slice(0, SAMPLE), file.slice(middle, middle + SAMPLE), file.slice(-SAMPLE)];
  return holdsNoText(new Uint8Array(await new Blob(parts).arrayBuffer()));
}

const AT_ONCE = 4;

/**
 * Looks into files, and hashes as streams those that ask for it. `progress` hears how many are done. Rejects with
 * AbortError alone: that a file cannot be read is an answer.
 */
export async function lookInto(
  files: readonly { file: File; hash: boolean }[],
  signal: AbortSignal,
  progress: (files: number) => void,
): Promise<Look[]> {
  const looks: Look[] = new Array(files.length);
  let next = 0;
  let done = 0;
  const lookNext = async (): Promise<void> => {
    for (let i = next++; i < files.length; i = next++) {
      signal.throwIfAborted();
      const { file, hash } = files[i] as { file: File; hash: boolean };
      looks[i] = await lookAt(file, hash, signal);
      done += 1;
      progress(done);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lookNext));
  return looks;
}

async function lookAt(file: File, hash: boolean, signal: AbortSignal): Promise<Look> {
  try {
    if (await hasNoText(file)) return 'binary';
    return { sha256: hash ? await sha256(file, signal) : undefined };
  } catch {
    signal.throwIfAborted();
    return 'unreadable';
  }
}
