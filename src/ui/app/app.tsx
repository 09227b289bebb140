import { useEffect, useLayoutEffect } from 'react';
import { mirror, screen, search, shelf } from '../../state/app.ts';
import type { Screen } from '../../state/screen.ts';
import { applyTheme } from '../../state/theme.ts';
import { type DatabaseForm, takeForm } from '../../state/unfinished-form.ts';
import { DetailPane } from '../document/detail-pane.tsx';
import { FileList } from '../files/file-list.tsx';
import { Toasts } from '../parts/toasts.tsx';
import { HitList } from '../search/hit-list.tsx';
import { useSearching } from '../search/hooks.ts';
import css from './app.module.css';
import { BottomBar } from './bottom-bar.tsx';
import { Dialogs } from './dialogs.tsx';
import { DropOverlay } from './drop-overlay.tsx';
import { Empty } from './empty.tsx';
import { Header } from './header.tsx';
import { useMirror, useScreen } from './hooks.ts';
import { Notices } from './notices.tsx';

export function App() {
  const theme = useScreen(state => state.theme);
  useLayoutEffect(() => applyTheme(theme), [theme]);
  useEffect(() => mirror.start(), []);
  useEffect(() => search.start(), []);
  useEffect(() => shelf.start(), []);
  useEffect(() => {
    const kept = takeForm();
    if (!kept) return;
    const { form, origin } = kept;
    screen.set({ reloadedFor: origin });
    if (form.way === 'database') screen.set(exportAgain(form));
    else screen.set({ dialog: { kind: 'models', shown: { add: form, returned: true } } });
  }, []);
  return (
    <div className={css.app}>
      <Header />
      <Notices />
      <Panes />
      <BottomBar />
      <Dialogs />
      <Toasts />
      <DropOverlay />
    </div>
  );
}

/** The form as it was, with the files or chunks that were to go. */
function exportAgain({ value, places, fileIds }: DatabaseForm): Partial<Screen> {
  return {
    ...(fileIds ? { selection: { ids: new Set(fileIds) } } : {}),
    dialog: {
      kind: 'export',
      into: value,
      selectedOnly: fileIds !== undefined,
      ...(places ? { places } : {}),
    },
  };
}

function Panes() {
  const ready = useMirror(state => state.ready && (state.rowsReady || state.currentId === undefined));
  const empty = useMirror(state => state.table.rows.size === 0);
  const pane = useScreen(state => state.pane);
  const searching = useSearching();
  if (empty) return <main className={css.main}>{ready ? <Empty /> : <Opening />}</main>;
  return (
    <main className={css.main} data-pane={pane}>
      {searching ? <HitList /> : <FileList />}
      <DetailPane />
    </main>
  );
}

/** Fades in late: most openings are done before it would show. */
function Opening() {
  return (
    <p className={css.opening} role="status">
      Opening your collections
    </p>
  );
}
