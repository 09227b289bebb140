/** An AbortSignal does not cross to a worker; a port does: any message in it aborts. */
export function portOf(signal: AbortSignal): { port: MessagePort; release: () => void } {
  const { port1, port2 } = new MessageChannel();
  const abort = () => port1.postMessage('abort');
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  return {
    port: port2,
    release: () => {
      signal.removeEventListener('abort', abort);
      // Closed a turn later, so that an abort message still arrives.
      setTimeout(() => port1.close(), 0);
    },
  };
}

/** The other end: a signal that aborts when the port hears anything. Call `release` when the work has settled. */
export function signalOf(port: MessagePort): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController();
  port.onmessage = () => controller.abort();
  return { signal: controller.signal, release: () => port.close() };
}

/** Does work that the port's other end may abort. */
export async function abortable<R>(port: MessagePort, work: (signal: AbortSignal) => Promise<R>): Promise<R> {
  const { signal, release } = signalOf(port);
  try {
    return await work(signal);
  } finally {
    release();
  }
}
