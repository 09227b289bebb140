import type { Chunk } from '../../domain/chunk.ts';
import { number } from '../parts/format.ts';
import css from './chunk-panel.module.css';
import type { TextSource } from './text-source.ts';
import { useSpan } from './use-span.ts';

/** UTF-16 units shown: the whole is in the reader. */
const MOST_SHOWN = 4_000;

/** The chunk's text, and above it what is embedded with it though it stands elsewhere in the document. */
export function ChunkText({ chunk, source }: { chunk: Chunk; source: TextSource }) {
  const { start, end, context, ordinal } = chunk;
  const shown = Math.min(end, start + MOST_SHOWN);
  const text = useSpan(source, start, shown);
  return (
    // It scrolls, so a keyboard must reach it.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
    <section className={css.text} tabIndex={0} aria-label={`Text of chunk ${ordinal + 1}`}>
      {context !== '' && (
        <p className={css.context}>
          <span className={css.carried}>Embedded before the text</span>
          {context.trimEnd()}
        </p>
      )}
      <p>{text === undefined ? '…' : text.trim()}</p>
      {shown < end && <p className={css.more}>and {number(end - shown)} characters more</p>}
    </section>
  );
}
