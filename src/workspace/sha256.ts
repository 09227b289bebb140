import { createSHA256, type IHasher } from 'hash-wasm';

/** Hashers at rest. Each has a WebAssembly memory, of which a browser allows a process some hundred. */
const idle: IHasher[] = [];

/** The SHA-256 of a blob in hex, read as a stream: memory does not grow with its size. */
export async function sha256(blob: Blob, signal?: AbortSignal): Promise<string> {
  const hasher = idle.pop() ?? (await createSHA256());
  const reader = blob.stream().getReader();
  try {
    hasher.init();
    for (;;) {
      signal?.throwIfAborted();
      const { done, value } = await reader.read();
      if (done) return hasher.digest('hex');
      hasher.update(value);
    }
  } finally {
    reader.releaseLock();
    idle.push(hasher);
  }
}
