import type { Chunk } from '../../domain/chunk.ts';
import type { Block } from '../../domain/document.ts';
import { number } from '../parts/format.ts';
import { stretchesOf } from './bands.ts';
import css from './chunk-panel.module.css';
import type { TextSource } from './text-source.ts';
import { useSpan } from './use-span.ts';

/** UTF-16 units shown: the whole is in the reader. */
const MOST_SHOWN = 4_000;

interface Props {
  chunk: Chunk;
  blocks: readonly Block[];
  source: TextSource;
}

/** The chunk's text, and above it what is embedded with it though it stands elsewhere in the document. */
export function ChunkText({ chunk, blocks, source }: Props) {
  const { start, end, context } = chunk;
  const shown = Math.min(end, start + MOST_SHOWN);
  const path = headingLine(chunk);
  const text = useSpan(source, start, shown);
  return (
    // It scrolls, so a keyboard must reach it.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
    <section className={css.text} tabIndex={0} aria-label="Text of the chunk">
      {context !== '' && (
        <p className={css.context}>
          <span className={css.carried}>Embedded before the text</span>
          {path}
          <span className={css.table}>{context.slice(path.length).trimEnd()}</span>
        </p>
      )}
      <p>
        {text === undefined
          ? '…'
          : stretchesOf({ start, end: shown, sharedFrom: shown }, blocks).map(stretch => (
              <span
                key={stretch.start}
                className={stretch.kind === 'table' || stretch.kind === 'code' ? css.table : undefined}
              >
                {text.slice(stretch.start - start, stretch.end - start)}
              </span>
            ))}
      </p>
      {shown < end && <p className={css.more}>and {number(end - shown)} characters more</p>}
    </section>
  );
}

/** The line of headings that a context begins with, or ''; what comes after it is of a table. */
function headingLine({ context, headings }: Chunk): string {
  const line = context.slice(0, context.indexOf('\n') + 1);
  return headings.join(' › ').startsWith(line.trimEnd()) ? line : '';
}
