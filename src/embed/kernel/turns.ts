/** Milliseconds of work without a look at what else has happened: an abort is heard well within a tenth of a second. */
const TURN_MS = 25;

/** Does work piece by piece, letting other events through in between. Rejects with the signal's reason once it aborts. */
export async function inTurns(signal: AbortSignal, pieces: Generator<void>): Promise<void> {
  // Not a timer: browsers make those wait.
  const { port1, port2 } = new MessageChannel();
  try {
    let until = performance.now() + TURN_MS;
    for (const _ of pieces) {
      if (performance.now() < until) continue;
      await new Promise(resolve => {
        port1.onmessage = resolve;
        port2.postMessage(undefined);
      });
      signal.throwIfAborted();
      until = performance.now() + TURN_MS;
    }
  } finally {
    port1.close();
  }
}
