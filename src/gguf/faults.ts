import { VecdropError } from '../domain/errors.ts';

/** The error for a file that is not what its format says. */
export function corrupt(name: string, fault: string): VecdropError {
  return new VecdropError(
    'model/corrupt',
    `“${name}” is damaged: ${fault}. Get the file again from where it came.`,
  );
}

/** The error for a file that may be whole, but is nothing we can use. */
export function unsupported(name: string, fault: string): VecdropError {
  return new VecdropError(
    'model/unsupported',
    `“${name}” cannot be used: ${fault}. Choose another embedding model.`,
  );
}
