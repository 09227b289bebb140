import type { WireRequest, WireResponse } from './wire.ts';

/** What whoever asks sends: first nothing, then the request to one who is ready. */
type FromAsker = { type: 'request'; request: WireRequest } | { type: 'ping' } | { type: 'abort' };
type FromAnswerer =
  | { type: 'ready' }
  | { type: 'pong' }
  | { type: 'answer'; response: WireResponse }
  | { type: 'failed' };

/** How long silence is borne, in milliseconds. */
export interface Patience {
  /** Until the other end says that it is there. */
  readyMs: number;
  /** Between two signs of life while it works. */
  aliveMs: number;
}

/** The other end was never there, or fell silent, or gave up. */
export class NoAnswer extends Error {
  /** Whether it had been given the request, and so may have carried it out. */
  readonly sent: boolean;

  constructor(sent: boolean) {
    super(sent ? 'The tab stopped before it answered.' : 'The tab did not answer.');
    this.sent = sent;
  }
}

/**
 * Asks the other end of a port, which is `answerOver`. The body is given to an end that is ready only, and
 * transferred (it is then gone here) unless `keepBody`. Rejects with NoAnswer, or with the signal's reason.
 * Signs of life are asked for: timers of a hidden page come too seldom.
 */
export function askOver(
  port: MessagePort,
  request: WireRequest,
  { signal, keepBody, patience }: { signal: AbortSignal; keepBody: boolean; patience: Patience },
): Promise<WireResponse> {
  return new Promise((resolve, reject) => {
    const send = (message: FromAsker, transfer: Transferable[] = []) => port.postMessage(message, transfer);
    let sent = false;
    let pinging: ReturnType<typeof setInterval> | undefined;
    let waiting: ReturnType<typeof setInterval> | undefined;
    const settle = (how: () => void) => {
      clearInterval(pinging);
      clearInterval(waiting);
      signal.removeEventListener('abort', onAbort);
      port.onmessage = null;
      port.close();
      how();
    };
    // In quarters: a machine that stood still uses up one of them, and who was about to answer is heard before the next.
    const wait = (ms: number) => {
      let quarters = 4;
      clearInterval(waiting);
      waiting = setInterval(() => {
        if (--quarters > 0) return;
        // Should it wake up after all, its work is no longer wanted.
        send({ type: 'abort' });
        settle(() => reject(new NoAnswer(sent)));
      }, ms / 4);
    };
    const onAbort = () => {
      send({ type: 'abort' });
      settle(() => reject(signal.reason));
    };
    port.onmessage = ({ data }: MessageEvent<FromAnswerer>) => {
      if (data.type === 'answer') return settle(() => resolve(data.response));
      if (data.type === 'failed') return settle(() => reject(new NoAnswer(sent)));
      if (data.type === 'ready') {
        send({ type: 'request', request }, request.body && !keepBody ? [request.body] : []);
        sent = true;
        pinging = setInterval(() => send({ type: 'ping' }), patience.aliveMs / 4);
      }
      wait(patience.aliveMs);
    };
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    wait(patience.readyMs);
  });
}

/** Answers whoever asks over a port; `answer` rejects with AbortError when it is no longer wanted. */
export function answerOver(
  port: MessagePort,
  answer: (request: WireRequest, signal: AbortSignal) => Promise<WireResponse>,
): void {
  const controller = new AbortController();
  const send = (message: FromAnswerer, transfer: Transferable[] = []) => port.postMessage(message, transfer);
  port.onmessage = async ({ data }: MessageEvent<FromAsker>) => {
    if (data.type === 'ping') return send({ type: 'pong' });
    if (data.type === 'abort') {
      controller.abort();
      return port.close();
    }
    try {
      const response = await answer(data.request, controller.signal);
      send({ type: 'answer', response }, [response.body]);
    } catch {
      send({ type: 'failed' });
    }
  };
  send({ type: 'ready' });
}
