import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type MouseEvent, useEffect, useId, useRef } from 'react';
import type { ChunkGlance } from '../../domain/map.ts';
import { placeOf, type ShownMap } from '../../state/chunk-map.ts';
import { indexAfterKey } from '../../state/selection.ts';
import { useRow } from '../app/hooks.ts';
import { splitPath } from '../parts/format.ts';
import { Swatch } from './legend.tsx';
import css from './map.module.css';
import { placeWords, useGlances } from './use-glances.ts';

const ROW_HEIGHT = 62;

interface Props {
  map: ShownMap;
  /** Which points, in order. */
  points: readonly number[];
  label: string;
  active: number | undefined;
  /** Absent while colours are no groups. */
  colourOf: ((point: number) => number) | undefined;
  onActive: (point: number) => void;
  onOpen: (point: number) => void;
  /** Takes all of the list. */
  onChooseAll: () => void;
  onEscape: () => void;
}

/** Chunks of the map as a list: arrows move, Enter opens, Ctrl A takes them all. */
export function ChunkList(props: Props) {
  const { map, points, label, active, colourOf, onActive, onOpen, onChooseAll, onEscape } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const listId = useId();
  const virtual = useVirtualizer({
    count: points.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 6,
    getItemKey: index => points[index] ?? index,
  });
  const items = virtual.getVirtualItems();
  const glances = useGlances(
    map,
    items.flatMap(({ index }) => points[index] ?? []),
  );

  // The point that was chosen on the map comes into view here.
  useEffect(() => {
    const index = active === undefined ? -1 : points.indexOf(active);
    if (index >= 0) virtual.scrollToIndex(index, { align: 'auto' });
  }, [active, points, virtual]);

  function keyDown(event: KeyboardEvent) {
    const index = active === undefined ? -1 : points.indexOf(active);
    if (event.key === 'Enter' && active !== undefined && index >= 0) onOpen(active);
    else if (event.key === 'Escape') onEscape();
    else if (event.key.toLowerCase() === 'a' && (event.ctrlKey || event.metaKey)) onChooseAll();
    else {
      const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / ROW_HEIGHT) - 1);
      const to = indexAfterKey(event.key, index, points.length, page);
      const point = to === undefined ? undefined : points[to];
      if (point === undefined) return;
      onActive(point);
    }
    event.preventDefault();
  }

  const pointOf = (event: MouseEvent) => {
    const row = (event.target as Element).closest<HTMLElement>('[data-point]');
    return row ? Number(row.dataset.point) : undefined;
  };

  return (
    <div
      ref={scroller}
      id="map-list"
      className={css.scroller}
      role="listbox"
      tabIndex={0}
      aria-label={label}
      aria-activedescendant={items.some(({ key }) => key === active) ? `${listId}-${active}` : undefined}
      onKeyDown={keyDown}
      onClick={event => {
        const point = pointOf(event);
        if (point !== undefined) onActive(point);
      }}
      onDoubleClick={event => {
        const point = pointOf(event);
        if (point !== undefined) onOpen(point);
      }}
    >
      <div className={css.tall} style={{ height: virtual.getTotalSize() }} role="presentation">
        {items.map(({ index, start }) => {
          const point = points[index];
          if (point === undefined) return null;
          return (
            <ChunkRow
              key={point}
              id={`${listId}-${point}`}
              map={map}
              point={point}
              index={index}
              count={points.length}
              top={start}
              active={point === active}
              colour={colourOf?.(point)}
              {...glanceOf(glances, point)}
            />
          );
        })}
      </div>
    </div>
  );
}

function glanceOf(glances: ReadonlyMap<number, ChunkGlance>, point: number): { glance?: ChunkGlance } {
  const glance = glances.get(point);
  return glance ? { glance } : {};
}

interface RowProps {
  id: string;
  map: ShownMap;
  point: number;
  index: number;
  count: number;
  top: number;
  active: boolean;
  colour: number | undefined;
  glance?: ChunkGlance;
}

function ChunkRow({ id, map, point, index, count, top, active, colour, glance }: RowProps) {
  const { fileId, ordinal } = placeOf(map, point);
  const row = useRow(fileId);
  return (
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={active}
      aria-setsize={count}
      aria-posinset={index + 1}
      data-point={point}
      className={css.row}
      style={{ transform: `translateY(${top}px)` }}
    >
      <p className={css.where}>
        {colour !== undefined && <Swatch colour={colour} />}
        <span className={css.file}>{splitPath(row?.path ?? '')[1]}</span>
        <span className={css.place}>{placeWords(ordinal, glance)}</span>
      </p>
      <p className={css.words}>{glance?.text ?? '…'}</p>
    </div>
  );
}
