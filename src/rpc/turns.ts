/** Milliseconds of work without a look at what else has happened: an abort is heard well within a tenth of a second. */
const TURN_MS = 25;

/** Does work piece by piece, letting other events through in between. Rejects with the signal's reason once it aborts. */
export async function inTurns(signal: AbortSignal, pieces: Generator<void>): Promise<void> {
  signal.throwIfAborted();
  let until = performance.now() + TURN_MS;
  for (const _ of pieces) {
    if (performance.now() < until) continue;
    await otherEvents();
    signal.throwIfAborted();
    until = performance.now() + TURN_MS;
  }
}

/** A message rather than a timer, which browsers make wait; on a channel of its own, for Node empties one at a go. */
function otherEvents(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  return new Promise(resolve => {
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
