import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type MouseEvent, useCallback, useEffect, useId, useMemo, useRef } from 'react';
import { mirror, screen } from '../../state/app.ts';
import { indexAfterKey, nothingSelected, selectOne, selectRange, toggleOne } from '../../state/selection.ts';
import { removeFiles, retryFiles } from '../app/actions.ts';
import { useMirror, useRow, useScreen } from '../app/hooks.ts';
import { focusDetail } from '../document/focus-detail.ts';
import { Button } from '../parts/button.tsx';
import css from './file-list.module.css';
import { FileRowView } from './file-row.tsx';
import { isRetriable } from './file-state.tsx';
import { ListHead } from './list-head.tsx';

/** Every row is as high, so that nothing jumps while files change their state. */
const ROW_HEIGHT = 60;

/** The ids on show. While only failed files are, the list follows their states too. */
function useVisibleOrder(): readonly string[] {
  const order = useMirror(state => state.table.order);
  const onlyFailed = useScreen(state => state.onlyFailed);
  const failed = useMirror(state => (onlyFailed ? state.table.counts : undefined));
  return useMemo(() => {
    if (failed === undefined) return order;
    const { rows } = mirror.store.getState().table;
    return order.filter(id => rows.get(id)?.state === 'failed');
  }, [order, failed]);
}

export function FileList() {
  const order = useVisibleOrder();
  const onlyFailed = useScreen(state => state.onlyFailed);
  const active = useScreen(state => state.selection.active);
  const scroller = useRef<HTMLDivElement>(null);
  const listId = useId();
  const optionId = useCallback((id: string) => `${listId}-${id}`, [listId]);
  const virtual = useVirtualizer({
    count: order.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 8,
    getItemKey: index => order[index] ?? index,
  });
  const items = virtual.getVirtualItems();

  useEffect(() => {
    if (onlyFailed && order.length === 0) screen.set({ onlyFailed: false });
  }, [onlyFailed, order]);

  function keyDown(event: KeyboardEvent) {
    const { selection } = screen.store.getState();
    const index = selection.active === undefined ? -1 : order.indexOf(selection.active);
    if (event.key === 'Enter' && index >= 0) {
      screen.set({ detail: 'document', pane: 'detail' });
      focusDetail();
    } else if ((event.key === 'Delete' || event.key === 'Backspace') && selection.ids.size > 0) {
      void removeFiles([...selection.ids]);
    } else if (event.key === 'Escape') {
      screen.set({ selection: nothingSelected });
    } else if (event.key.toLowerCase() === 'a' && (event.ctrlKey || event.metaKey)) {
      const anchor = selection.active ?? order[0];
      screen.set({ selection: { ids: new Set(order), active: anchor, anchor } });
    } else {
      const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / ROW_HEIGHT) - 1);
      const to = indexAfterKey(event.key, index, order.length, page);
      const id = to === undefined ? undefined : order[to];
      if (to === undefined || id === undefined) return;
      screen.set({
        selection: event.shiftKey ? selectRange(selection, order, id) : selectOne(id),
        detail: 'document',
      });
      virtual.scrollToIndex(to, { align: 'auto' });
    }
    event.preventDefault();
  }

  function click(event: MouseEvent) {
    const id = (event.target as Element).closest<HTMLElement>('[data-id]')?.dataset.id;
    if (id === undefined) return;
    const { selection } = screen.store.getState();
    if (event.shiftKey) screen.set({ selection: selectRange(selection, order, id) });
    else if (event.ctrlKey || event.metaKey) screen.set({ selection: toggleOne(selection, id) });
    else screen.set({ selection: selectOne(id), detail: 'document', pane: 'detail' });
  }

  return (
    <section className={css.list} aria-label="Files">
      <ListHead />
      <div ref={scroller} className={css.scroller}>
        <div className={css.tall} style={{ height: virtual.getTotalSize() }}>
          {order.length > 0 && (
            <div
              id="file-list"
              role="listbox"
              tabIndex={0}
              aria-label="Files"
              aria-multiselectable
              aria-activedescendant={
                active !== undefined && items.some(item => item.key === active) ? optionId(active) : undefined
              }
              className={css.box}
              onKeyDown={keyDown}
              onClick={click}
            >
              {items.map(item => {
                const id = String(item.key);
                return (
                  <FileRowView
                    key={id}
                    id={id}
                    optionId={optionId(id)}
                    index={item.index}
                    count={order.length}
                    top={item.start}
                  />
                );
              })}
            </div>
          )}
          {items.map(item => (
            <RowRetry key={item.key} id={String(item.key)} top={item.start} />
          ))}
        </div>
      </div>
    </section>
  );
}

/** Beside its row rather than in it: an option of a listbox may hold no button. */
function RowRetry({ id, top }: { id: string; top: number }) {
  const row = useRow(id);
  if (!row || !isRetriable(row)) return null;
  return (
    <div className={css.retry} style={{ transform: `translateY(${top}px)` }}>
      <Button look="link" aria-label={`Retry ${row.path}`} onClick={() => void retryFiles([id])}>
        Retry
      </Button>
    </div>
  );
}
