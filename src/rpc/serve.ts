import * as Comlink from 'comlink';

/** The first message of a served worker: the Web Lock it holds for as long as it lives. */
export interface AliveMessage {
  aliveLock: string;
}

/**
 * Serves an object to the worker's owner. The worker holds a Web Lock for ever: however it ends (crash, close,
 * out of memory), the browser frees the lock, and that is how the owner learns of it.
 */
export async function serve(api: object): Promise<void> {
  Comlink.expose(api);
  const aliveLock = `vecdrop-alive:${crypto.randomUUID()}`;
  await new Promise<void>(held => {
    void navigator.locks.request(aliveLock, () => {
      held();
      return new Promise<never>(() => {});
    });
  });
  self.postMessage({ aliveLock } satisfies AliveMessage);
}
