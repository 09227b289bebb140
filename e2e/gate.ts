import { makeTinyGguf } from '../scripts/make-tiny-gguf.ts';
import { readModel } from '../src/gguf/model-info.ts';
import { createTokenizer } from '../src/tokenize/create.ts';
import { onCall, startsWorker, type WorkerKind } from './trouble.ts';

/**
 * Places where workers wait until a test lets them go on: work has a middle for as long as the test needs it, however
 * quick the machine is, and however long it stands still.
 */
export interface Gates {
  /** For `serve`. */
  transform(pathname: string, body: string): string | undefined;
  /** For workers that start later, too. */
  open(gate: number): void;
  /** As gates are at first. */
  shut(gate: number): void;
}

/** No file has this name: workers ask here which gates are open. */
const PATH = '/gates.js';
const WAIT = `const opened = async gate => {
  while (!(await (await fetch('${PATH}')).json())[gate]) await new Promise(resolve => setTimeout(resolve, 50));
};\n`;

/** The gates of workers of one kind, whose script gets some code that waits for `opened(gate)`. */
function gates(kind: WorkerKind, change: (pathname: string, body: string) => string | undefined): Gates {
  const open: boolean[] = [];
  return {
    transform(pathname, body) {
      if (pathname === PATH) return JSON.stringify(open);
      return startsWorker(kind, pathname) ? change(pathname, WAIT + body) : undefined;
    },
    open(gate) {
      open[gate] = true;
    },
    shut(gate) {
      open[gate] = false;
    },
  };
}

/** Words that stand for a gate where they stand this many times in a row, as in no text by chance. */
const WORDS = [
  'copper',
  'silent',
  'harbor',
  'winter',
  'garden',
  'signal',
  'market',
  'bridge',
  'kitchen',
  'paper',
];
const TIMES = 8;
const markOf = (gate: number) => Array(TIMES).fill(WORDS[gate]).join(' ');

/** A text whose first chunk waits for one of `textGates`. */
export function behind(gate: number, text: string): string {
  return `${markOf(gate)}\n\n${text}`;
}

/** Gates before the engines of the small model, for texts. Chunks of more than `longest` tokens pass by. */
export async function textGates({ longest = Number.POSITIVE_INFINITY } = {}): Promise<Gates> {
  const marks = await Promise.all(WORDS.map(async (_, gate) => String(await idsOf(markOf(gate)))));
  const code = `
    if (!event.isTrusted) return;
    const texts = values.filter(Array.isArray).flat().filter(ids => ids?.length <= ${longest});
    const waits = ${JSON.stringify(marks)}.flatMap((mark, gate) =>
      texts.some(ids => String(ids).includes(mark)) ? [opened(gate)] : []);
    if (waits.length === 0) return;
    event.stopImmediatePropagation();
    void Promise.all(waits).then(() => self.dispatchEvent(new MessageEvent('message', { data })));`;
  return gates('embed', onCall('embed', code));
}

/** A gate before the workspace reads a file that was dropped or chosen; so many files pass by. */
export function readingGate(passing = 0): Gates {
  const code = `{
    let left = ${passing};
    const wait = async () => {
      if (left-- <= 0) await opened(0);
    };
    for (const name of ['arrayBuffer', 'bytes', 'text']) {
      const read = Blob.prototype[name];
      Blob.prototype[name] = async function () {
        await wait();
        return read.call(this);
      };
    }
    const { stream } = Blob.prototype;
    Blob.prototype.stream = function () {
      let reader;
      return new ReadableStream({
        pull: async controller => {
          if (!reader) await wait();
          reader ??= stream.call(this).getReader();
          const { done, value } = await reader.read();
          if (done) controller.close();
          else controller.enqueue(value);
        },
      });
    };
  }\n`;
  return gates('workspace', (_, body) => code + body);
}

/** The small model's ids of a text. */
export async function idsOf(text: string): Promise<number[]> {
  const { tokenizer } = await readModel(new Blob([makeTinyGguf()]), 'tiny.gguf', '');
  const { ids } = createTokenizer(tokenizer).encode(text);
  return [...ids.slice(1, -1)];
}
