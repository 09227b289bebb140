import { History, Search as SearchIcon, X } from 'lucide-react';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { screen, search } from '../../state/app.ts';
import { activeHit, isSearching } from '../../state/search.ts';
import { useCollection, useMirror } from '../app/hooks.ts';
import { Button } from '../parts/button.tsx';
import { HIT_LIST, hitOptionId, moveActive, openHit } from './actions.ts';
import { useSearch, useSearching } from './hooks.ts';
import { LikeChip } from './like-chip.tsx';
import css from './search-field.module.css';

export const SEARCH_FIELD = 'search-field';

/** The one search field: hits come as you type, arrows choose among them, Enter opens one. */
export function SearchField() {
  const input = useRef<HTMLInputElement>(null);
  const text = useSearch(state => state.text);
  const like = useSearch(state => state.like);
  const searching = useSearching();
  const active = useSearch(state => activeHit(state));
  const listed = useSearch(state => isSearching(state) && (state.answer?.hits.length ?? 0) > 0);
  const files = useMirror(state => state.table.rows.size);
  const name = useCollection()?.name;
  const [focused, setFocused] = useState(false);
  const recent = useRecent(focused && !searching);
  const backTo = useRef<HTMLElement | null>(null);
  useSlash(input, backTo);

  function leave() {
    search.clear();
    recent.choose(-1);
    const to = backTo.current;
    backTo.current = null;
    // Where it was, if that is still there; else the list, which shows the files again.
    requestAnimationFrame(() => {
      if (to?.isConnected) to.focus();
      else (document.getElementById('file-list') ?? input.current)?.focus();
    });
  }

  function keyDown(event: KeyboardEvent<HTMLInputElement>) {
    // Keys that choose a word in an input method are its own.
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Escape') leave();
    else if (recent.keyDown(event.key)) {
      // It chose among the queries of before.
    } else if (event.key === 'Enter') {
      const state = search.store.getState();
      const chosen = activeHit(state);
      const first = state.answer?.hits[0];
      if (chosen) openHit(chosen);
      else if (state.asking || !first || state.answered !== state.text.trim()) search.now();
      else openHit(first);
    } else if (event.key === 'Backspace' && like && text === '') search.clear();
    else if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && isSearching(search.store.getState()))
      moveActive(event.key);
    else return;
    event.preventDefault();
  }

  return (
    <search className={css.search}>
      <div className={css.field} data-searching={searching || undefined}>
        <SearchIcon size={16} aria-hidden className={css.icon} />
        {like && <LikeChip place={like} />}
        <input
          id={SEARCH_FIELD}
          ref={input}
          type="text"
          role="combobox"
          inputMode="search"
          enterKeyHint="search"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          disabled={files === 0}
          placeholder={like ? '' : 'Search by meaning and by word'}
          aria-label={name === undefined ? 'Search' : `Search ${name}`}
          aria-keyshortcuts="/"
          aria-autocomplete="list"
          aria-expanded={recent.open || listed}
          aria-controls={recent.open ? recent.id : listed ? HIT_LIST : undefined}
          aria-activedescendant={
            recent.open ? recent.activeId : focused && active ? hitOptionId(active) : undefined
          }
          value={text}
          onChange={event => search.type(event.target.value)}
          onKeyDown={keyDown}
          onFocus={event => {
            setFocused(true);
            search.prepare();
            screen.set({ pane: 'list' });
            const from = event.relatedTarget;
            if (from instanceof HTMLElement && !backTo.current) backTo.current = from;
          }}
          onBlur={() => {
            setFocused(false);
            recent.choose(-1);
          }}
        />
        {searching ? (
          <Button look="quiet" icon className={css.clear} aria-label="Clear the search" onClick={leave}>
            <X size={16} aria-hidden />
          </Button>
        ) : (
          <kbd className={css.key} aria-hidden>
            /
          </kbd>
        )}
      </div>
      {recent.open && <Recent {...recent} />}
    </search>
  );
}

/** '/' anywhere but in a field reaches this one. */
function useSlash(
  input: React.RefObject<HTMLInputElement | null>,
  backTo: React.RefObject<HTMLElement | null>,
) {
  useEffect(() => {
    function keyDown(event: globalThis.KeyboardEvent) {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented)
        return;
      const target = event.target as HTMLElement | null;
      if (target?.closest('input, textarea, select, [contenteditable], [role=dialog], [role=menu]')) return;
      event.preventDefault();
      if (document.activeElement instanceof HTMLElement && document.activeElement !== document.body)
        backTo.current = document.activeElement;
      input.current?.focus();
      input.current?.select();
    }
    addEventListener('keydown', keyDown);
    return () => removeEventListener('keydown', keyDown);
  }, [input, backTo]);
}

/** The queries of before, under the empty field. */
function useRecent(wanted: boolean) {
  const queries = useSearch(state => state.recent);
  const [chosen, choose] = useState(-1);
  const id = useId();
  const open = wanted && queries.length > 0;
  return {
    id,
    open,
    queries,
    chosen,
    choose,
    activeId: open && chosen >= 0 ? `${id}-${chosen}` : undefined,
    /** Whether the key was for this list. */
    keyDown(key: string): boolean {
      if (!open) return false;
      const query = queries[chosen];
      if (key === 'ArrowDown') choose(Math.min(queries.length - 1, chosen + 1));
      else if (key === 'ArrowUp') choose(Math.max(-1, chosen - 1));
      else if (key === 'Enter' && query !== undefined) search.restore({ text: query });
      else return false;
      return true;
    },
  };
}

function Recent({ id, queries, chosen }: ReturnType<typeof useRecent>) {
  return (
    // The field keeps the focus: it would close this before the click arrived.
    // biome-ignore lint/a11y/noStaticElementInteractions: see above
    <div className={css.recent} onMouseDown={event => event.preventDefault()}>
      <div id={id} role="listbox" aria-label="Recent searches">
        {queries.map((query, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the keys
          <div
            key={query}
            id={`${id}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === chosen}
            className={css.query}
            onClick={() => search.restore({ text: query })}
          >
            <History size={14} aria-hidden />
            <span>{query}</span>
          </div>
        ))}
      </div>
      <div className={css.foot}>
        <span>Kept in this browser only</span>
        <Button look="link" onClick={() => search.forget()}>
          Clear recent searches
        </Button>
      </div>
    </div>
  );
}
