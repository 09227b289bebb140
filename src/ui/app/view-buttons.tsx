import { LayoutDashboard, Map as MapIcon } from 'lucide-react';
import { screen } from '../../state/app.ts';
import { Button } from '../parts/button.tsx';
import { useNarrow } from './hooks.ts';

/** Where one pane is shown at a time: the way from a list to the panes that belong to no file. */
export function ViewButtons() {
  if (!useNarrow()) return null;
  return (
    <>
      <Button
        look="quiet"
        icon
        aria-label="Map"
        onClick={() => screen.set({ detail: 'map', pane: 'detail' })}
      >
        <MapIcon size={16} aria-hidden />
      </Button>
      <Button
        look="quiet"
        icon
        aria-label="Overview"
        onClick={() => screen.set({ detail: 'overview', pane: 'detail' })}
      >
        <LayoutDashboard size={16} aria-hidden />
      </Button>
    </>
  );
}
