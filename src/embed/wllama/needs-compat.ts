/** The main build needs 64-bit memory, and promise integration everywhere but in Firefox, where it reads files at once. */
export function needsCompat(): boolean {
  if (!('Suspending' in WebAssembly) && !navigator.userAgent.includes('Firefox/')) return true;
  try {
    const memory64 = { address: 'i64', initial: 1n } as unknown as WebAssembly.MemoryDescriptor;
    return new WebAssembly.Memory(memory64).buffer.byteLength === 0;
  } catch {
    return true;
  }
}
