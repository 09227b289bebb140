import { createSHA256 } from 'hash-wasm';

/** The SHA-256 of a blob in hex, read as a stream: memory does not grow with its size. */
export async function sha256(blob: Blob, signal?: AbortSignal): Promise<string> {
  const hasher = await createSHA256();
  const reader = blob.stream().getReader();
  try {
    for (;;) {
      signal?.throwIfAborted();
      const { done, value } = await reader.read();
      if (done) return hasher.digest('hex');
      hasher.update(value);
    }
  } finally {
    reader.releaseLock();
  }
}
