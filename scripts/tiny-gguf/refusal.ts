import { VecdropError } from '../../src/domain/errors.ts';
import { readModel } from '../../src/gguf/model-info.ts';
import type { Bytes } from './bytes.ts';

/** Fault, the file, what the sentence says of it. */
export type Faulty = [fault: string, file: () => Bytes | Promise<Bytes>, sentence: RegExp];

/** The same with the files made, so that reading them can be timed alone. */
export async function made(cases: readonly Faulty[]): Promise<[string, Bytes, RegExp][]> {
  return Promise.all(
    cases.map(
      async ([fault, make, sentence]): Promise<[string, Bytes, RegExp]> => [fault, await make(), sentence],
    ),
  );
}

/** The sentence with which the file “bad.gguf” is refused. Throws where it is not, or in no words of ours. */
export async function refusalOf(file: Bytes): Promise<string> {
  try {
    await readModel(new Blob([file]), 'bad.gguf', 'id');
  } catch (error) {
    if (error instanceof VecdropError && /^model\/(corrupt|unsupported)$/.test(error.code))
      return error.message;
    throw error;
  }
  throw new Error('The file was read.');
}
