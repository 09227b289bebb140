/** What can go wrong, by area. The code travels in `name`: workers pass only name, message and stack. */
export type ErrorCode =
  | 'file/empty'
  | 'file/blank'
  | 'file/binary'
  | 'file/unsupported'
  | 'file/unreadable'
  | 'file/too-large'
  | 'file/broken'
  | 'file/encrypted'
  | 'file/no-text'
  | 'model/corrupt'
  | 'model/unsupported'
  | 'model/missing'
  | 'model/load'
  | 'model/changed'
  | 'model/in-use'
  | 'download/failed'
  | 'download/waiting'
  | 'host/not-allowed'
  | 'engine/failed'
  | 'chunk/too-long'
  | 'chunk/rejected'
  | 'worker/died'
  | 'worker/start'
  | 'worker/timeout'
  | 'storage/quota'
  | 'storage/blocked'
  | 'storage/newer'
  | 'storage/failed'
  | 'search/full'
  | 'import/corrupt'
  | 'import/unsupported'
  | 'import/mismatch'
  | 'database/unreachable'
  | 'database/refused'
  | 'database/mismatch'
  | 'input/invalid'
  | 'internal';

const CODE = /^[a-z]+(\/[a-z-]+)?$/;

/**
 * The one error of the project. `message` is a sentence for a person that says what to do next;
 * `code` is for programs; `cause` is whatever was caught.
 */
export class VecdropError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, sentence: string, cause?: unknown) {
    super(sentence, cause === undefined ? undefined : { cause });
    this.code = code;
    this.name = code;
  }
}

/** The code of any thrown value; 'internal' where it is not one of ours. Works on errors that crossed a worker. */
export function errorCode(error: unknown): ErrorCode {
  if (error instanceof VecdropError) return error.code;
  if (error instanceof Error && error.name.includes('/') && CODE.test(error.name))
    return error.name as ErrorCode;
  return 'internal';
}

/** Any thrown value as a VecdropError: ours as they are, others with their own words kept as the cause. */
export function toVecdropError(error: unknown, fallback: ErrorCode, sentence: string): VecdropError {
  if (error instanceof VecdropError) return error;
  const code = errorCode(error);
  if (code !== 'internal') return new VecdropError(code, (error as Error).message, error);
  return new VecdropError(fallback, sentence, error);
}

/** True for what an AbortSignal throws: never shown to a person. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
