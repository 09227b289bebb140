import type { ShownChunk } from './finder.ts';

/** What of a chunk is shown in a text, with its marks. */
export interface JoinedChunk {
  chunk: ShownChunk;
  text: string;
  marks: [start: number, end: number][];
}

/** Chunks as they follow each other: what two of them share is shown once, in the chosen one where that is one of them. */
export function joined(chunks: readonly ShownChunk[], chosen: number): JoinedChunk[] {
  const start = chunks.find(({ index }) => index === chosen)?.start ?? 0;
  let end = 0;
  return chunks.map(chunk => {
    const from = chunk.index === chosen ? chunk.start : Math.max(chunk.start, Math.min(end, chunk.end));
    const to = chunk.index < chosen ? Math.max(from, Math.min(chunk.end, start)) : chunk.end;
    end = Math.max(end, chunk.end);
    return { chunk, ...part(chunk, from - chunk.start, to - chunk.start) };
  });
}

/** The units [from, to) of a chunk. */
function part({ text, marks }: ShownChunk, from: number, to: number): Pick<JoinedChunk, 'text' | 'marks'> {
  return {
    text: text.slice(from, to),
    marks: marks
      .map(([start, end]): [number, number] => [Math.max(start, from) - from, Math.min(end, to) - from])
      .filter(([start, end]) => start < end),
  };
}
