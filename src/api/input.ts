import { ApiError, badRequest } from './errors.ts';

/** What a body of JSON may weigh: 2,048 inputs of 512 tokens fit several times over. */
export const MAX_JSON_BYTES = 32 * 1024 * 1024;
/** What an upload may weigh, file and envelope. */
export const MAX_UPLOAD_BYTES = 257 * 1024 * 1024;

/** The body of a request, refused with 413 where it is larger than allowed, whatever its headers say. */
export async function readBody(request: Request, limit: number): Promise<ArrayBuffer> {
  const stated = Number(request.headers.get('content-length') ?? 0);
  const tooLarge = () =>
    new ApiError(
      413,
      `The body is larger than the ${limit / 1024 / 1024} MB that this route takes. Send less at once.`,
      {
        code: 'body_too_large',
      },
    );
  if (stated > limit) throw tooLarge();
  // Where bodies cannot be streamed, all of it is read before it is measured.
  const chunks: AsyncIterable<Uint8Array> | undefined = request.body ?? undefined;
  if (!chunks) {
    const body = await request.arrayBuffer();
    if (body.byteLength > limit) throw tooLarge();
    return body;
  }
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    if (length > limit) throw tooLarge();
    parts.push(chunk);
  }
  const body = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    body.set(part, at);
    at += part.length;
  }
  return body.buffer;
}

/** A JSON object from a body. Unknown fields are the caller's to ignore. */
export async function readJson(request: Request): Promise<Record<string, unknown>> {
  const body = await readBody(request, MAX_JSON_BYTES);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw badRequest('The body is not JSON. Send a JSON object in UTF-8.', undefined, 'invalid_json');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw badRequest('The body must be a JSON object.', undefined, 'invalid_json');
  }
  return value as Record<string, unknown>;
}

/** A string field; where it is absent the fallback, or 400 without one. */
export function stringField(body: Record<string, unknown>, name: string, fallback?: string): string {
  const value = body[name] ?? fallback;
  if (typeof value !== 'string' || value === '')
    throw badRequest(`“${name}” must be a string that is not empty.`, name);
  return value;
}

/** A whole number within bounds; the fallback where it is absent. */
export function integerField(
  body: Record<string, unknown>,
  name: string,
  { min, max, fallback }: { min: number; max: number; fallback: number },
): number {
  const value = body[name] ?? fallback;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) {
    throw badRequest(`“${name}” must be a whole number between ${min} and ${max}.`, name);
  }
  return value;
}
