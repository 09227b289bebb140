import {
  Box,
  Braces,
  Download,
  Ellipsis,
  FileInput,
  Monitor,
  Moon,
  ScrollText,
  Settings,
  Sun,
} from 'lucide-react';
import { screen } from '../../state/app.ts';
import type { Theme } from '../../state/theme.ts';
import { CollectionPicker } from '../collections/picker.tsx';
import { Button } from '../parts/button.tsx';
import { Logo } from '../parts/logo.tsx';
import { Menu } from '../parts/menu.tsx';
import { SearchField } from '../search/search-field.tsx';
import { openModels } from './actions.ts';
import { FileInputs } from './file-inputs.tsx';
import css from './header.module.css';
import { useCollection, useScreen } from './hooks.ts';
import { Ledger } from './ledger.tsx';
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
      <SearchField />
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
              label: 'Import…',
              icon: <FileInput size={15} aria-hidden />,
              run: () => screen.set({ dialog: { kind: 'import' } }),
            },
            {
              label: 'Models',
              icon: <Box size={15} aria-hidden />,
              run: () => openModels(),
            },
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
            {
              label: 'Log',
              icon: <ScrollText size={15} aria-hidden />,
              run: () => screen.set({ dialog: { kind: 'log' } }),
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
