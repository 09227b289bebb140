import { expose } from 'comlink';
import type { FileToRead } from './api.ts';
import { readThrough } from './formats.ts';
import { workThrough } from './text.ts';

const mark = (name: string) => void performance.mark(name);

expose({
  workThrough: (gguf: Blob, text: string, rounds: number) => workThrough(gguf, text, rounds, mark),
  readThrough: (gguf: Blob, files: FileToRead[], rounds: number) => readThrough(gguf, files, rounds, mark),
});
