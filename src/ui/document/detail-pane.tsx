import { ArrowLeft } from 'lucide-react';
import { screen } from '../../state/app.ts';
import { useNarrow, useOpenFileId, useRow, useScreen } from '../app/hooks.ts';
import { Button } from '../parts/button.tsx';
import { HIT_LIST } from '../search/actions.ts';
import { useSearching } from '../search/hooks.ts';
import css from './detail.module.css';
import { DocumentPane } from './document-pane.tsx';
import { Overview } from './overview.tsx';

/** The right pane: the open file, or the collection as a whole. */
export function DetailPane() {
  const openId = useOpenFileId();
  const row = useRow(openId);
  const detail = useScreen(state => state.detail);
  if (row && detail === 'document') return <DocumentPane key={row.id} row={row} />;
  return <Overview />;
}

function backToList() {
  screen.set({ pane: 'list' });
  requestAnimationFrame(() =>
    (document.getElementById(HIT_LIST) ?? document.getElementById('file-list'))?.focus(),
  );
}

/** The pane's head: the way back in a narrow window, what is shown, and the way between the two views. */
export function DetailHead({ children }: { children: React.ReactNode }) {
  const narrow = useNarrow();
  const searching = useSearching();
  const detail = useScreen(state => state.detail);
  const hasFile = useRow(useOpenFileId()) !== undefined;
  const shown = hasFile ? detail : 'overview';
  return (
    <div className={css.head}>
      {narrow && (
        <Button
          look="quiet"
          icon
          aria-label={searching ? 'Back to the hits' : 'Back to the files'}
          onClick={backToList}
        >
          <ArrowLeft size={18} aria-hidden />
        </Button>
      )}
      {children}
      {hasFile && !narrow && (
        <div className={css.views}>
          {(['document', 'overview'] as const).map(view => (
            <Button
              key={view}
              look="quiet"
              aria-pressed={shown === view}
              onClick={() => screen.set({ detail: view })}
            >
              {view === 'document' ? 'Document' : 'Overview'}
            </Button>
          ))}
        </div>
      )}
    </div>
  );
}
