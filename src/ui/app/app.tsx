import { useEffect, useLayoutEffect } from 'react';
import { mirror, screen, search, shelf } from '../../state/app.ts';
import { applyTheme } from '../../state/theme.ts';
import { takeForm } from '../../state/unfinished-form.ts';
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
    const add = takeForm();
    if (add?.way === 'database') screen.set({ dialog: { kind: 'export', into: add.value } });
    else if (add) screen.set({ dialog: { kind: 'models', shown: { add, returned: true } } });
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
