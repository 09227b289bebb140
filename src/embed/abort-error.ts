import { isAbort } from '../domain/errors.ts';

/** What an aborted signal rejects an embedding with: always an AbortError, whatever reason it was given. */
export function abortError(signal: AbortSignal): unknown {
  return isAbort(signal.reason)
    ? signal.reason
    : new DOMException('The embedding was stopped.', 'AbortError');
}
