import { expose } from 'comlink';
import { workThrough } from './text.ts';

expose({
  workThrough: (gguf: Blob, text: string, rounds: number) =>
    workThrough(gguf, text, rounds, name => performance.mark(name)),
});
