import { wrap } from 'comlink';
import type { BenchPage, FileToRead, FolderFile, PipelineRun } from './api.ts';
import { closeEngines, embed, encode, ids, openEngines } from './engines.ts';
import { kernelFacts } from './kernel-facts.ts';
import { MODEL } from './model.ts';

interface TextWorker {
  workThrough(gguf: Blob, text: string, rounds: number): void;
  readThrough(gguf: Blob, files: FileToRead[], rounds: number): void;
}

interface PipelineWorker {
  indexFolder(baseUrl: string, folder: File[]): PipelineRun;
}

/** Lives as long as the page: the last marks of a thread that is ended are missing from the trace. */
const textWorker = () =>
  wrap<TextWorker>(new Worker(new URL('./text.worker.ts', import.meta.url), { type: 'module' }));
const model = async () => (await fetch(MODEL)).blob();

async function contentOf(file: FolderFile): Promise<Blob> {
  return 'text' in file ? new Blob([file.text]) : (await fetch(file.url)).blob();
}

const workThrough: BenchPage['workThrough'] = async (text, rounds) =>
  textWorker().workThrough(await model(), text, rounds);

const readThrough: BenchPage['readThrough'] = async (files, rounds) => {
  const contents = await Promise.all(
    files.map(async ({ work, strategy, ...file }) => ({
      work,
      strategy,
      path: file.path,
      content: await contentOf(file),
    })),
  );
  await textWorker().readThrough(await model(), contents, rounds);
};

const indexFolder: BenchPage['indexFolder'] = async folder => {
  const files = await Promise.all(folder.map(async file => new File([await contentOf(file)], file.path)));
  const worker = new Worker(new URL('./pipeline.worker.ts', import.meta.url), { type: 'module' });
  try {
    return await wrap<PipelineWorker>(worker).indexFolder(new URL('.', location.href).href, files);
  } finally {
    worker.terminate();
  }
};

globalThis.bench = {
  openEngines,
  encode,
  ids,
  embed,
  closeEngines,
  kernelFacts,
  indexFolder,
  workThrough,
  readThrough,
};
