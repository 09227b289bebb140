/** A module with nothing but a 64-bit memory: version 1, one memory (flag 4), no pages. */
const MEMORY64 = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0, 0, 0, 0x05, 0x03, 0x01, 0x04, 0x00);

/**
 * The main build needs 64-bit memory, and promise integration everywhere but in Firefox, where it reads files at once.
 * Nothing is allocated to find out: one 64-bit memory takes so many addresses that others then fail, and lives until
 * its garbage is collected.
 */
export function needsCompat(): boolean {
  if (!('Suspending' in WebAssembly) && !navigator.userAgent.includes('Firefox/')) return true;
  return !WebAssembly.validate(MEMORY64);
}
