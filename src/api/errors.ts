import { errorCode } from '../domain/errors.ts';

/** OpenAI's kinds of errors, by which its clients choose their exceptions' text. */
type ErrorType = 'invalid_request_error' | 'server_error';

/** An answer that is not a success, in OpenAI's envelope. */
export class ApiError extends Error {
  readonly status: number;
  readonly param: string | null;
  readonly code: string | null;
  readonly headers: Record<string, string>;

  constructor(
    status: number,
    message: string,
    {
      param = null,
      code = null,
      headers = {},
    }: { param?: string | null; code?: string | null; headers?: Record<string, string> } = {},
  ) {
    super(message);
    this.status = status;
    this.param = param;
    this.code = code;
    this.headers = headers;
  }
}

export const badRequest = (message: string, param?: string, code?: string) =>
  new ApiError(400, message, { param: param ?? null, code: code ?? null });

export const notFound = (message: string, param?: string, code = 'not_found') =>
  new ApiError(404, message, { param: param ?? null, code });

/** {error: {message, type, param, code}} with a true status code. */
export function errorResponse({ status, message, param, code, headers }: ApiError): Response {
  const type: ErrorType = status < 500 ? 'invalid_request_error' : 'server_error';
  return Response.json({ error: { message, type, param, code } }, { status, headers });
}

/** Any failure as an answer: what a document or a request is to blame for is 4xx, the rest 5xx. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  const code = errorCode(error);
  const message =
    code === 'internal' ? 'Something unexpected went wrong. Try again.' : (error as Error).message;
  if (code.startsWith('file/'))
    return new ApiError(code === 'file/too-large' ? 413 : 422, message, { param: 'file', code });
  if (code === 'chunk/too-long' || code === 'input/invalid') return new ApiError(400, message, { code });
  if (code === 'storage/quota') return new ApiError(507, message, { code });
  const retry = code.startsWith('worker/') || code.startsWith('engine/') ? { 'Retry-After': '5' } : {};
  return new ApiError(code === 'internal' ? 500 : 503, message, {
    code,
    headers: retry as Record<string, string>,
  });
}
