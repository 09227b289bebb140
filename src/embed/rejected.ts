import { VecdropError } from '../domain/errors.ts';

/** A failure that one input of a batch caused: 'chunk/rejected' or 'chunk/too-long'. */
export interface InputError extends VecdropError {
  /** Index into the batch that was given to embed(). */
  input: number;
}

/** The error for input `input` of a batch. */
export function inputError(
  code: 'chunk/rejected' | 'chunk/too-long',
  input: number,
  sentence: string,
  cause?: unknown,
): InputError {
  return Object.assign(new VecdropError(code, sentence, cause), { input });
}

/** Which input of the batch a failure of embed() is to be blamed on; undefined where none is. */
export function rejectedInput(error: unknown): number | undefined {
  return error instanceof VecdropError && 'input' in error && typeof error.input === 'number'
    ? error.input
    : undefined;
}
