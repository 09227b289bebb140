import { useVirtualizer } from '@tanstack/react-virtual';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { type KeyboardEvent, type MouseEvent, useEffect, useId, useRef } from 'react';
import type { ChunkColumns } from '../../domain/chunk.ts';
import { indexAfterKey } from '../../state/selection.ts';
import { Button } from '../parts/button.tsx';
import { number } from '../parts/format.ts';
import { backToList } from '../search/actions.ts';
import { BandView } from './band.tsx';
import { bandOf } from './bands.ts';
import css from './reader.module.css';
import type { OpenDocument } from './use-document.ts';

/**
 * Chunks in one scroll: a browser's elements end at some 16 to 33 million pixels,
 * and a book of a hundred megabytes is longer.
 */
const PART = 2000;
/** Letters a line and pixels a line of the reading face, to guess heights before they are measured. */
const LINE_LETTERS = 72;
const LINE_HEIGHT = 27;
/** Milliseconds for the texts around a chosen chunk to come in. */
const HELD_MS = 10_000;

interface Props {
  document: OpenDocument;
  columns: ChunkColumns;
  chosen: number;
  onChoose: (ordinal: number) => void;
  /** Source text, in a face of even widths. */
  monospaced: boolean;
}

/** The text with its chunks as bands. Arrow keys and clicks choose a chunk. */
export function Reader({ document, columns, chosen, onChoose, monospaced }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const listId = useId();
  const first = Math.floor(chosen / PART) * PART;
  const count = Math.min(PART, columns.count - first);
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: index => {
      const { start, end } = bandOf(columns, first + index);
      return 24 + LINE_HEIGHT * Math.max(1, Math.ceil((end - start) / LINE_LETTERS));
    },
    overscan: 4,
    paddingStart: 16,
    scrollPaddingStart: 16,
    scrollPaddingEnd: 16,
    paddingEnd: 40,
    getItemKey: index => `${columns.starts[first + index]}-${columns.ends[first + index]}`,
  });
  const items = virtual.getVirtualItems();
  const total = virtual.getTotalSize();
  const shown = useRef(chosen);
  /** The chosen chunk stays in view while texts come, until a person scrolls. */
  const held = useRef(false);
  const optionId = (ordinal: number) => `${listId}-${ordinal}`;

  // biome-ignore lint/correctness/useExhaustiveDependencies: other chunks or another choice bring the chosen one into view
  useEffect(() => {
    held.current = chosen > 0 || shown.current > 0;
    shown.current = chosen;
    // A browser's own search scrolls without a word: not for ever.
    const timer = setTimeout(letGo, HELD_MS);
    return () => clearTimeout(timer);
  }, [columns, chosen]);

  // Texts come later than their bands, and each moves those below it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: other heights move the chosen one out of view
  useEffect(() => {
    if (held.current) virtual.scrollToIndex(chosen - first, { align: 'auto' });
  }, [columns, chosen, total]);

  function letGo() {
    held.current = false;
  }

  function keyDown(event: KeyboardEvent) {
    if (event.key === 'Escape') {
      event.preventDefault();
      backToList();
      return;
    }
    const to = indexAfterKey(event.key, chosen, columns.count, 5);
    if (to === undefined) return;
    event.preventDefault();
    onChoose(to);
  }

  function click(event: MouseEvent) {
    // A drag that marks text is not a choice.
    if (getSelection()?.isCollapsed === false) return;
    const band = (event.target as Element).closest<HTMLElement>('[data-ordinal]');
    if (band) onChoose(Number(band.dataset.ordinal));
  }

  return (
    <div className={css.reader}>
      {columns.count > PART && <Parts count={columns.count} first={first} onGo={onChoose} />}
      <div
        ref={scroller}
        className={monospaced ? `${css.scroller} ${css.monospaced}` : css.scroller}
        role="listbox"
        tabIndex={0}
        aria-label="Chunks"
        aria-activedescendant={
          items.some(({ index }) => first + index === chosen) ? optionId(chosen) : undefined
        }
        onKeyDown={keyDown}
        onClick={click}
        onWheel={letGo}
        onPointerDown={letGo}
        onTouchMove={letGo}
      >
        <div className={css.tall} style={{ height: total }} role="presentation">
          {items.map(item => {
            const ordinal = first + item.index;
            return (
              <BandView
                key={item.key}
                {...bandOf(columns, ordinal)}
                ordinal={ordinal}
                count={columns.count}
                optionId={optionId(ordinal)}
                blocks={document.info.blocks}
                source={document.text}
                asWritten={monospaced}
                chosen={ordinal === chosen}
                nextChosen={ordinal + 1 === chosen}
                top={item.start}
                measure={virtual.measureElement}
                index={item.index}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

function Parts({ count, first, onGo }: { count: number; first: number; onGo: (ordinal: number) => void }) {
  const last = Math.min(count, first + PART);
  return (
    <nav className={css.parts} aria-label="Parts of the document">
      <Button
        look="quiet"
        icon
        aria-label="Part before"
        disabled={first === 0}
        onClick={() => onGo(first - PART)}
      >
        <ChevronLeft size={16} aria-hidden />
      </Button>
      <span>
        Chunks {number(first + 1)}–{number(last)} of {number(count)}
      </span>
      <Button look="quiet" icon aria-label="Next part" disabled={last >= count} onClick={() => onGo(last)}>
        <ChevronRight size={16} aria-hidden />
      </Button>
    </nav>
  );
}
