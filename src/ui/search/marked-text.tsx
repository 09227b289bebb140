import css from './hits.module.css';

interface Props {
  text: string;
  /** Spans in order. */
  marks: readonly (readonly [start: number, end: number])[];
  /** Where the text begins in what the spans are of. */
  from?: number;
}

/** A text with the matched words in it marked, not by colour alone. */
export function MarkedText({ text, marks, from = 0 }: Props) {
  const pieces: React.ReactNode[] = [];
  let at = 0;
  for (const [first, last] of marks) {
    const start = Math.max(first - from, at);
    const end = Math.min(last - from, text.length);
    if (end <= start) continue;
    if (start > at) pieces.push(text.slice(at, start));
    pieces.push(
      <mark key={start} className={css.mark}>
        {text.slice(start, end)}
      </mark>,
    );
    at = end;
  }
  pieces.push(text.slice(at));
  return pieces;
}
