import { wrap } from 'comlink';
import { compareInstances, compareWithPlain, MODEL } from './embed.ts';
import { compareEngines } from './engines.ts';

async function workThrough(text: string, rounds: number): Promise<void> {
  const worker = new Worker(new URL('./text.worker.ts', import.meta.url), { type: 'module' });
  const remote = wrap<{ workThrough(gguf: Blob, text: string, rounds: number): void }>(worker);
  await remote.workThrough(await (await fetch(MODEL)).blob(), text, rounds);
  worker.terminate();
}

globalThis.bench = { compareWithPlain, compareInstances, compareEngines, workThrough };
