import { ArrowLeft } from 'lucide-react';
import { screen } from '../../state/app.ts';
import { useNarrow, useOpenFileId, useRow, useScreen } from '../app/hooks.ts';
import { MapPane } from '../map/map-pane.tsx';
import { Button } from '../parts/button.tsx';
import { backToList } from '../search/actions.ts';
import { useSearching } from '../search/hooks.ts';
import css from './detail.module.css';
import { DocumentPane } from './document-pane.tsx';
import { Overview } from './overview.tsx';

/** The right pane: the open file, the map, or the collection as a whole. */
export function DetailPane() {
  const openId = useOpenFileId();
  const row = useRow(openId);
  const detail = useScreen(state => state.detail);
  if (detail === 'map') return <MapPane />;
  if (row && detail === 'document') return <DocumentPane key={row.id} row={row} />;
  return <Overview />;
}

const VIEWS = [
  { view: 'document', label: 'Document' },
  { view: 'map', label: 'Map' },
  { view: 'overview', label: 'Overview' },
] as const;

/** The pane's head: the way back in a narrow window, what is shown, and the way between the views. */
export function DetailHead({ children }: { children: React.ReactNode }) {
  const narrow = useNarrow();
  const searching = useSearching();
  const detail = useScreen(state => state.detail);
  const hasFile = useRow(useOpenFileId()) !== undefined;
  const shown = detail === 'map' || hasFile ? detail : 'overview';
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
      {!narrow && (
        <div className={css.views}>
          {VIEWS.filter(({ view }) => hasFile || view !== 'document').map(({ view, label }) => (
            <Button
              key={view}
              look="quiet"
              aria-pressed={shown === view}
              onClick={() => screen.set({ detail: view })}
            >
              {label}
            </Button>
          ))}
        </div>
      )}
    </div>
  );
}
