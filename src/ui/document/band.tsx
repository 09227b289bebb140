import { memo, type Ref } from 'react';
import type { Block } from '../../domain/document.ts';
import { number } from '../parts/format.ts';
import { useMarks } from '../search/hooks.ts';
import { MarkedText } from '../search/marked-text.tsx';
import { type Band, stretchesOf } from './bands.ts';
import css from './reader.module.css';
import type { TextSource } from './text-source.ts';
import { useSpan } from './use-span.ts';

/** UTF-16 units drawn of one band: beyond it a chunk is a wall of letters that only slows the page. */
const MOST_DRAWN = 20_000;

interface Props {
  ordinal: number;
  count: number;
  optionId: string;
  start: number;
  end: number;
  sharedFrom: number;
  blocks: readonly Block[];
  source: TextSource;
  /** Line ends are kept; in prose those within a paragraph are drawn as blanks. */
  asWritten: boolean;
  chosen: boolean;
  /** The chunk after this one is chosen: what they share belongs to it too. */
  nextChosen: boolean;
  top: number;
  measure: Ref<HTMLDivElement>;
  index: number;
}

/** One chunk in the text. */
export const BandView = memo(function BandView(props: Props) {
  const { ordinal, count, optionId, start, end, sharedFrom, blocks, source, asWritten, chosen, nextChosen } =
    props;
  const drawn = Math.min(end, start + MOST_DRAWN);
  const text = useSpan(source, start, drawn);
  const marks = useMarks(text);
  const band: Band = { start, end: drawn, sharedFrom: Math.min(sharedFrom, drawn) };
  const classes = [css.band, ordinal % 2 ? css.odd : css.even, chosen ? css.chosen : ''].join(' ');
  return (
    <div
      className={css.place}
      ref={props.measure}
      data-index={props.index}
      style={{ transform: `translateY(${props.top}px)` }}
      role="presentation"
    >
      <div
        id={optionId}
        role="option"
        tabIndex={-1}
        aria-selected={chosen}
        aria-setsize={count}
        aria-posinset={ordinal + 1}
        aria-label={start === end ? `Chunk ${ordinal + 1}` : undefined}
        data-ordinal={ordinal}
        className={classes}
      >
        <span className={css.number}>{number(ordinal + 1)}</span>
        {start === end ? (
          <span className={css.inside}>All of it is in the chunk before.</span>
        ) : text === undefined ? (
          <span className={css.inside}>…</span>
        ) : (
          <BandText
            text={text}
            marks={marks}
            band={band}
            blocks={blocks}
            ordinal={ordinal}
            asWritten={asWritten}
            nextChosen={nextChosen}
          />
        )}
        {drawn < end && <span className={css.inside}>and {number(end - drawn)} characters more</span>}
      </div>
    </div>
  );
});

interface TextProps {
  text: string;
  /** Words of the query, as spans within the text. */
  marks: readonly (readonly [start: number, end: number])[];
  band: Band;
  blocks: readonly Block[];
  ordinal: number;
  asWritten: boolean;
  nextChosen: boolean;
}

function BandText({ text, marks, band, blocks, ordinal, asWritten, nextChosen }: TextProps) {
  // Blanks between chunks are air already; a line's indent stays.
  const from = band.start + (text.length - text.replace(/^(?:\s*\n| (?=\S))/, '').length);
  const to = band.start + text.trimEnd().length;
  return stretchesOf(band, blocks).map(({ start, end, shared, kind }) => {
    const first = Math.max(start, from) - band.start;
    const piece = text.slice(first, Math.max(0, Math.min(end, to) - band.start));
    if (piece === '') return null;
    const written = kind === 'paragraph' && !asWritten ? piece.replaceAll('\n', ' ') : piece;
    const words = { text: written, marks, from: first };
    const look =
      kind === 'heading' ? css.heading : kind === 'code' || kind === 'table' ? css.code : undefined;
    return shared ? (
      <span
        key={start}
        className={[look, css.shared, nextChosen ? css.taken : ''].join(' ')}
        title={`In chunks ${ordinal + 1} and ${ordinal + 2}`}
      >
        <MarkedText {...words} />
      </span>
    ) : (
      <span key={start} className={look}>
        <MarkedText {...words} />
      </span>
    );
  });
}
