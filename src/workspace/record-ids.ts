import { createXXHash128 } from 'hash-wasm';

/**
 * Makes the ids of chunks: UUIDs of version 8 (RFC 9562), made of a name space (the collection's id), the file's path
 * and the chunk's ordinal by XXH3-128. What is exported again has the same ids, whatever was done in between.
 */
export async function recordIds(space: string): Promise<(path: string, ordinal: number) => string> {
  const hasher = await createXXHash128();
  return (path, ordinal) => {
    const digits = hasher.init().update(`${space}\n${path}\n${ordinal}`).digest('hex');
    const variant = ((Number.parseInt(digits[16] as string, 16) & 3) | 8).toString(16);
    return [
      digits.slice(0, 8),
      digits.slice(8, 12),
      `8${digits.slice(13, 16)}`,
      `${variant}${digits.slice(17, 20)}`,
      digits.slice(20),
    ].join('-');
  };
}
