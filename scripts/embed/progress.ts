/** Where the work stands. */
export interface Progress {
  filesDone: number;
  files: number;
  chunks: number;
  tokensPerSecond?: number;
}

const number = new Intl.NumberFormat('en');

/** One line: '12 of 300 files · 1,204 chunks · 812 tokens/s'. */
export function progressLine({ filesDone, files, chunks, tokensPerSecond }: Progress): string {
  const parts = [
    `${number.format(filesDone)} of ${number.format(files)} files`,
    `${number.format(chunks)} chunks`,
  ];
  if (tokensPerSecond) parts.push(`${number.format(Math.round(tokensPerSecond))} tokens/s`);
  return parts.join(' · ');
}

interface Stream {
  isTTY?: boolean;
  write(text: string): unknown;
}

/** Milliseconds between lines where they pile up, as in a log. */
const LOG_INTERVAL = 5000;

/** Shows progress: on a terminal in one line that is written over, elsewhere as a new line every few seconds. */
export function progressTo(stream: Stream, now: () => number = () => Date.now()) {
  let shown = '';
  let last = Number.NEGATIVE_INFINITY;
  return {
    update(line: string): void {
      if (stream.isTTY) {
        stream.write(`\r${line.padEnd(shown.length)}`);
        shown = line;
      } else if (line !== shown && now() - last >= LOG_INTERVAL) {
        stream.write(`${line}\n`);
        shown = line;
        last = now();
      }
    },
    /** A line that stays, above what is written over. */
    say(line: string): void {
      if (stream.isTTY && shown) stream.write(`\r${' '.repeat(shown.length)}\r`);
      shown = stream.isTTY ? '' : shown;
      stream.write(`${line}\n`);
    },
  };
}
