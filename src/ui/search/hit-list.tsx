import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type MouseEvent, useEffect, useRef } from 'react';
import { search } from '../../state/app.ts';
import { activeHit, hitKey, PAGE_OF_HITS } from '../../state/search.ts';
import { Button } from '../parts/button.tsx';
import { HIT_LIST, HITS, hitOptionId, moveActive, openHit } from './actions.ts';
import { HitMenu } from './hit-menu.tsx';
import { HitRow } from './hit-row.tsx';
import css from './hits.module.css';
import { useSearch } from './hooks.ts';
import { NoHits } from './no-hits.tsx';
import { SEARCH_FIELD } from './search-field.tsx';
import { SearchHead } from './search-head.tsx';

/** Pixels of a hit with three lines of text, until it is measured. */
const USUAL_HEIGHT = 116;

/** In place of the files while something is asked. */
export function HitList() {
  const hits = useSearch(state => state.answer?.hits);
  return (
    <section id={HITS} tabIndex={-1} className={css.list} aria-label="Hits" onKeyDown={arrowDown}>
      <SearchHead />
      {hits && hits.length > 0 ? <Hits /> : <NoHits />}
    </section>
  );
}

/** From the pane itself the arrow goes into the list. */
function arrowDown(event: KeyboardEvent) {
  if (event.target !== event.currentTarget || event.key !== 'ArrowDown' || !moveActive(event.key)) return;
  document.getElementById(HIT_LIST)?.focus();
  event.preventDefault();
}

const NONE: never[] = [];

function Hits() {
  const hits = useSearch(state => state.answer?.hits ?? NONE);
  const active = useSearch(state => activeHit(state));
  const byFile = useSearch(state => state.byFile && state.like === undefined);
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: hits.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => USUAL_HEIGHT,
    overscan: 6,
    // Behind the other pane a hit has no height: it keeps the one it had.
    measureElement: (element, _, { measurementsCache, indexFromElement }) =>
      (element as HTMLElement).offsetHeight ||
      (measurementsCache[indexFromElement(element)]?.size ?? USUAL_HEIGHT),
    getItemKey: index => {
      const hit = hits[index];
      return hit ? hitKey(hit) : index;
    },
  });
  const items = virtual.getVirtualItems();
  const activeIndex = active ? hits.indexOf(active) : -1;

  // Behind the other pane it has no height, and loses its place.
  const visible = (virtual.scrollRect?.height ?? 0) > 0;
  useEffect(() => {
    if (visible && activeIndex >= 0) virtual.scrollToIndex(activeIndex, { align: 'auto' });
  }, [activeIndex, virtual, visible]);

  function keyDown(event: KeyboardEvent) {
    if (event.key === 'Enter' && active) openHit(active);
    else if (event.key === 'Escape') {
      search.clear();
      requestAnimationFrame(() => document.getElementById('file-list')?.focus());
    } else if (event.key === 'ArrowUp' && activeIndex === 0) document.getElementById(SEARCH_FIELD)?.focus();
    else if (!moveActive(event.key)) return;
    event.preventDefault();
  }

  function click(event: MouseEvent) {
    // A drag that marks text is not a choice.
    if (getSelection()?.isCollapsed === false) return;
    const index = (event.target as Element).closest<HTMLElement>('[data-index]')?.dataset.index;
    const hit = index === undefined ? undefined : hits[Number(index)];
    if (!hit) return;
    openHit(hit);
  }

  return (
    <div ref={scroller} className={css.scroller}>
      <div className={css.tall} style={{ height: virtual.getTotalSize() }}>
        <div
          id={HIT_LIST}
          role="listbox"
          tabIndex={0}
          aria-label="Hits"
          aria-activedescendant={
            active && items.some(({ index }) => index === activeIndex) ? hitOptionId(active) : undefined
          }
          className={css.box}
          onKeyDown={keyDown}
          onClick={click}
        >
          {items.map(({ index, key, start }) => {
            const hit = hits[index];
            return (
              hit && (
                <HitRow
                  key={key}
                  hit={hit}
                  index={index}
                  count={hits.length}
                  top={start}
                  active={index === activeIndex}
                  follows={byFile && hits[index - 1]?.fileId === hit.fileId}
                  measure={virtual.measureElement}
                />
              )
            );
          })}
        </div>
        {items.map(({ index, key, start }) => {
          const hit = hits[index];
          return (
            hit && <HitMenu key={key} hit={hit} top={start} reachable={index === Math.max(0, activeIndex)} />
          );
        })}
      </div>
      <More />
    </div>
  );
}

/** The list ends where it was asked to; there may be more. */
function More() {
  const limit = useSearch(state => state.limit);
  const full = useSearch(state => (state.answer?.hits.length ?? 0) >= state.limit);
  const asking = useSearch(state => state.asking);
  if (!full && limit === PAGE_OF_HITS) return null;
  return (
    <p className={css.more}>
      {full ? (
        <Button disabled={asking} onClick={search.more}>
          Show more
        </Button>
      ) : (
        'That is all.'
      )}
    </p>
  );
}
