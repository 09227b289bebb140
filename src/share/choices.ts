import { make } from './dom.ts';

/** A list of which one is active: arrows move, Enter or a click opens it. */
export interface Choices {
  readonly element: HTMLElement;
  readonly count: number;
  /** Of the active one; -1 for none. */
  readonly active: number;
  /** Puts others in the place of all. */
  set(options: readonly HTMLElement[]): void;
  /** Makes one active and, unless told not to, brings it into view; -1 for none. */
  choose(index: number, reveal?: boolean): void;
  /** Moves as a key says; false where the key is none of its. */
  move(key: string): boolean;
}

interface ChoicesOptions {
  id: string;
  label: string;
  onOpen: (index: number) => void;
  /** Up from the first one. */
  onLeave: () => void;
  onEscape: () => void;
  onActive?: (id: string | undefined) => void;
}

export function createChoices({ id, label, onOpen, onLeave, onEscape, onActive }: ChoicesOptions): Choices {
  const element = make('div', { id, role: 'listbox', tabindex: 0, 'aria-label': label, class: 'choices' });
  let options: readonly HTMLElement[] = [];
  let active = -1;

  function choose(index: number, reveal = true): void {
    options[active]?.setAttribute('aria-selected', 'false');
    active = Math.min(index, options.length - 1);
    const option = options[active];
    option?.setAttribute('aria-selected', 'true');
    if (reveal) option?.scrollIntoView({ block: 'nearest' });
    if (option) element.setAttribute('aria-activedescendant', option.id);
    else element.removeAttribute('aria-activedescendant');
    onActive?.(option?.id);
  }

  function move(key: string): boolean {
    const steps: Record<string, number> = {
      ArrowDown: active + 1,
      ArrowUp: Math.max(0, active - 1),
      Home: 0,
      End: options.length - 1,
      PageDown: active + 8,
      PageUp: Math.max(0, active - 8),
    };
    const next = steps[key];
    if (next === undefined || options.length === 0) return false;
    choose(next);
    return true;
  }

  element.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'ArrowUp' && active <= 0) onLeave();
    else if (event.key === 'Enter' && active >= 0) onOpen(active);
    else if (event.key === 'Escape') onEscape();
    else if (!move(event.key)) return;
    event.preventDefault();
  });
  element.addEventListener('click', event => {
    // A drag that marks text is not a choice.
    if (getSelection()?.isCollapsed === false) return;
    const option = (event.target as Element).closest<HTMLElement>('[role=option]');
    const index = option ? options.indexOf(option) : -1;
    if (index < 0) return;
    choose(index);
    onOpen(index);
  });

  return {
    element,
    get count() {
      return options.length;
    },
    get active() {
      return active;
    },
    set(next) {
      options = next;
      for (const [index, option] of options.entries()) {
        option.id = `${id}-${index}`;
        option.setAttribute('role', 'option');
        option.setAttribute('aria-selected', 'false');
        option.setAttribute('aria-setsize', String(options.length));
        option.setAttribute('aria-posinset', String(index + 1));
      }
      element.replaceChildren(...options);
      active = -1;
      element.removeAttribute('aria-activedescendant');
      onActive?.(undefined);
    },
    choose,
    move,
  };
}
