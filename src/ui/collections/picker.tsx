import { ChevronDown, Folder, Pencil, Plus, Trash2 } from 'lucide-react';
import { screen } from '../../state/app.ts';
import { openCollection, removeCollection } from '../app/actions.ts';
import { useCollection, useMirror } from '../app/hooks.ts';
import { Button } from '../parts/button.tsx';
import { Menu } from '../parts/menu.tsx';
import css from './picker.module.css';

/** Switches between collections, and makes, renames and removes them. */
export function CollectionPicker() {
  const collections = useMirror(state => state.collections);
  const current = useCollection();
  const open = collections.map(({ id, name }) => ({
    label: name,
    icon: <Folder size={15} aria-hidden />,
    checked: id === current?.id,
    run: () => openCollection(id),
  }));
  const change = current
    ? [
        {
          label: 'Rename',
          icon: <Pencil size={15} aria-hidden />,
          run: () =>
            screen.set({ dialog: { kind: 'rename-collection', id: current.id, name: current.name } }),
        },
        {
          label: 'Remove collection',
          icon: <Trash2 size={15} aria-hidden />,
          run: () => void removeCollection(current.id, current.name),
        },
      ]
    : [];
  return (
    <Menu
      align="start"
      trigger={
        <Button
          look="quiet"
          className={css.trigger}
          aria-label={`Collection: ${current?.name ?? 'No collection yet'}`}
        >
          <span className={css.name}>{current?.name ?? 'No collection yet'}</span>
          <ChevronDown size={15} aria-hidden className={css.arrow} />
        </Button>
      }
      groups={[
        { label: 'Collections', choices: open },
        {
          choices: [
            {
              label: 'New collection',
              icon: <Plus size={15} aria-hidden />,
              run: () => screen.set({ dialog: { kind: 'new-collection' } }),
            },
            ...change,
          ],
        },
      ]}
    />
  );
}
