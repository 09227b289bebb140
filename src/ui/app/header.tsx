import { Braces, Download, Ellipsis, Monitor, Moon, Settings, ShieldCheck, Sun } from 'lucide-react';
import { useStore } from 'zustand';
import { offline, screen } from '../../state/app.ts';
import type { Theme } from '../../state/theme.ts';
import { CollectionPicker } from '../collections/picker.tsx';
import { Button } from '../parts/button.tsx';
import { Logo } from '../parts/logo.tsx';
import { Menu } from '../parts/menu.tsx';
import { Popover } from '../parts/popover.tsx';
import { FileInputs } from './file-inputs.tsx';
import css from './header.module.css';
import { useCollection, useScreen } from './hooks.ts';
import { ModelChip } from './model-chip.tsx';

const THEMES: { value: Theme; label: string; icon: React.ReactNode }[] = [
  { value: 'system', label: 'System', icon: <Monitor size={15} aria-hidden /> },
  { value: 'light', label: 'Light', icon: <Sun size={15} aria-hidden /> },
  { value: 'dark', label: 'Dark', icon: <Moon size={15} aria-hidden /> },
];

export function Header() {
  const collection = useCollection();
  return (
    <header className={css.header}>
      <div className={css.main}>
        <h1 className={css.brand}>
          <Logo />
          <span className={css.name}>Vecdrop</span>
        </h1>
        <CollectionPicker />
      </div>
      <div className={css.facts}>
        <Ledger />
        <ModelChip />
      </div>
      <div className={css.buttons}>
        <Button
          look="primary"
          disabled={!collection || collection.files === 0}
          onClick={() => screen.set({ dialog: { kind: 'export' } })}
        >
          <Download size={16} aria-hidden /> Export
        </Button>
        <MoreMenu />
      </div>
      <FileInputs />
    </header>
  );
}

/** Whether the page needs the network at all, and how many bytes went elsewhere: none can. */
function Ledger() {
  const ready = useStore(offline.store, state => state.offlineReady);
  return (
    <Popover
      label={ready ? 'Offline ready, bytes sent' : 'Bytes sent'}
      trigger={
        <Button look="quiet" className={css.chip}>
          {ready ? (
            <>
              <span className={css.dot} aria-hidden />
              <span>Offline ready · 0 bytes sent</span>
            </>
          ) : (
            <>
              <ShieldCheck size={15} aria-hidden className={css.safe} />
              <span>0 bytes sent</span>
            </>
          )}
        </Button>
      }
    >
      {ready && (
        <p>
          <b>Offline ready.</b> The page, its model and its engine are kept in this browser. It opens and
          works without a network.
        </p>
      )}
      <p>
        Your files never leave this browser. The page’s security policy forbids every connection but to the
        address that it came from, and the model comes from there too.
      </p>
    </Popover>
  );
}

function MoreMenu() {
  const theme = useScreen(state => state.theme);
  return (
    <Menu
      trigger={
        <Button look="quiet" icon aria-label="More">
          <Ellipsis size={18} aria-hidden />
        </Button>
      }
      groups={[
        {
          choices: [
            {
              label: 'API',
              icon: <Braces size={15} aria-hidden />,
              run: () => screen.set({ dialog: { kind: 'api' } }),
            },
            {
              label: 'Settings',
              icon: <Settings size={15} aria-hidden />,
              run: () => screen.set({ dialog: { kind: 'settings' } }),
            },
          ],
        },
        {
          label: 'Theme',
          choices: THEMES.map(({ value, label, icon }) => ({
            label,
            icon,
            checked: theme === value,
            run: () => screen.setTheme(value),
          })),
        },
      ]}
    />
  );
}
