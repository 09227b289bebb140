import { createStore } from 'zustand/vanilla';
import type { Recipe } from '../domain/recipe.ts';
import type { ChunkPlace } from '../domain/search.ts';
import type { AddProgress } from '../workspace/api.ts';
import type { ChangeGroup, Comparison } from './comparison.ts';
import { nothingSelected, type Selection } from './selection.ts';
import { storedTheme, storeTheme, type Theme } from './theme.ts';
import type { UnfinishedForm } from './unfinished-form.ts';

export interface Toast {
  id: number;
  tone: 'plain' | 'bad';
  text: string;
  /** Said below, a line each. */
  details?: string[];
  undo?: () => void;
  /** What to do next, as a button. */
  action?: { label: string; run: () => void };
}

/** What the Models panel shows beside its list. */
export type ShownModel = { id: string } | { add: UnfinishedForm | 'file'; returned?: boolean };

export type OpenDialog =
  /** `into` is the database that the page was reloaded for, `selectedOnly` what was chosen then. */
  | { kind: 'export'; places?: readonly ChunkPlace[]; into?: string; selectedOnly?: boolean }
  | { kind: 'import'; files?: readonly File[] }
  | { kind: 'settings' }
  | { kind: 'models'; shown?: ShownModel }
  | { kind: 'log' }
  | { kind: 'api' }
  | { kind: 'paste' }
  | { kind: 'folder-plan'; comparison: Comparison; decide: (groups: ReadonlySet<ChangeGroup>) => void }
  | { kind: 'new-collection'; modelId?: string }
  | { kind: 'rename-collection'; id: string; name: string }
  | { kind: 'delete-everything' };

/** The part of a recipe that says how texts are cut. */
export type ChunkingDraft = Pick<
  Recipe,
  'strategy' | 'chunkSize' | 'overlap' | 'breakPercentile' | 'leastSize' | 'embedHeadings'
>;

/** What is only on screen, and gone with the tab (but for the theme). */
export interface Screen {
  theme: Theme;
  selection: Selection;
  /** The right pane; `overview` is shown too while nothing is selected. */
  detail: 'document' | 'map' | 'overview';
  /** The chunk that its file's document is to be opened at. */
  target?: ChunkPlace | undefined;
  /** Narrow windows show one pane at a time. */
  pane: 'list' | 'detail';
  onlyFailed: boolean;
  dialog?: OpenDialog;
  /** What an export was last made as: a format, or a database. */
  exportAs?: string;
  /** The host that the page was reloaded for just now. */
  reloadedFor?: string;
  toasts: readonly Toast[];
  adding?: AddProgress & { doing: 'Looking through' | 'Comparing' | 'Adding'; cancel: () => void };
  /** Chunking as set on the page and not yet applied. */
  draft?: ChunkingDraft;
}

/** Toasts on screen at once: the oldest makes room. */
const MOST_TOASTS = 4;

export function createScreen() {
  const store = createStore<Screen>()(() => ({
    theme: storedTheme(),
    selection: nothingSelected,
    detail: 'document',
    pane: 'list',
    onlyFailed: false,
    toasts: [],
  }));
  const set = store.setState;
  let nextToast = 1;

  return {
    store,
    set,
    setTheme(theme: Theme) {
      storeTheme(theme);
      set({ theme });
    },
    toast(toast: Omit<Toast, 'id'>) {
      const added = { ...toast, id: nextToast++ };
      set(({ toasts }) => ({ toasts: [...toasts, added].slice(-MOST_TOASTS) }));
    },
    dismiss(id: number) {
      set(({ toasts }) => ({ toasts: toasts.filter(toast => toast.id !== id) }));
    },
    /** Back to a fresh list: another collection is on screen. */
    leaveCollection() {
      set({
        selection: nothingSelected,
        detail: 'document',
        target: undefined,
        pane: 'list',
        onlyFailed: false,
        draft: undefined,
      });
    },
  };
}
