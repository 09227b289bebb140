import { ClipboardPaste, FilePlus, FolderOpen, Plus, RotateCcw, Trash2, TriangleAlert } from 'lucide-react';
import type { FileRow } from '../../domain/collection.ts';
import { mirror, screen } from '../../state/app.ts';
import { cancelFiles, removeFiles, retryFiles } from '../app/actions.ts';
import { chooseFiles, chooseFolder } from '../app/choose.ts';
import { useCollection, useMirror, useScreen } from '../app/hooks.ts';
import { ViewButtons } from '../app/view-buttons.tsx';
import { useFolderChoices } from '../folders/use-folder-choices.tsx';
import { Button } from '../parts/button.tsx';
import { number, plural } from '../parts/format.ts';
import { Menu } from '../parts/menu.tsx';
import css from './file-list.module.css';
import { isRetriable, isRunning } from './file-state.tsx';

/** Above the list: how many there are and a way to add; or, with several selected, what can be done to them. */
export function ListHead() {
  const many = useScreen(state => state.selection.ids.size > 1);
  return <div className={css.head}>{many ? <SelectionHead /> : <CountHead />}</div>;
}

function CountHead() {
  const files = useMirror(state => state.table.rows.size);
  const failed = useMirror(state => state.table.counts.failed);
  const onlyFailed = useScreen(state => state.onlyFailed);
  const chunks = useCollection()?.chunks ?? 0;
  const folderChoices = useFolderChoices();
  return (
    <>
      <h2 className={css.count}>
        {plural(files, 'file')} · {plural(chunks, 'chunk')}
      </h2>
      {(failed > 0 || onlyFailed) && (
        <Button
          look="quiet"
          aria-pressed={onlyFailed}
          className={css.failed}
          onClick={() => screen.set({ onlyFailed: !onlyFailed })}
        >
          <TriangleAlert size={14} aria-hidden /> {number(failed)} failed
        </Button>
      )}
      <ViewButtons />
      <Menu
        trigger={
          <Button look="quiet">
            <Plus size={16} aria-hidden /> Add
          </Button>
        }
        groups={[
          {
            choices: [
              { label: 'Choose files', icon: <FilePlus size={15} aria-hidden />, run: chooseFiles },
              {
                label: 'Choose folder',
                icon: <FolderOpen size={15} aria-hidden />,
                run: () => void chooseFolder(),
              },
              {
                label: 'Paste text',
                icon: <ClipboardPaste size={15} aria-hidden />,
                run: () => screen.set({ dialog: { kind: 'paste' } }),
              },
            ],
          },
          { choices: folderChoices },
        ]}
      />
    </>
  );
}

function SelectionHead() {
  const ids = useScreen(state => state.selection.ids);
  const { rows } = mirror.store.getState().table;
  const those = (test: (row: FileRow) => boolean) =>
    [...ids].filter(id => {
      const row = rows.get(id);
      return row !== undefined && test(row);
    });
  const retriable = those(isRetriable);
  const running = those(row => isRunning(row.state));
  return (
    <>
      <h2 className={css.count}>{number(ids.size)} selected</h2>
      {retriable.length > 0 && (
        <Button look="quiet" aria-label="Retry selected" onClick={() => void retryFiles(retriable)}>
          <RotateCcw size={15} aria-hidden /> Retry
        </Button>
      )}
      {running.length > 0 && (
        <Button look="quiet" aria-label="Cancel selected" onClick={() => void cancelFiles(running)}>
          Cancel
        </Button>
      )}
      <Button look="quiet" aria-label="Remove selected" onClick={() => void removeFiles([...ids])}>
        <Trash2 size={15} aria-hidden /> Remove
      </Button>
    </>
  );
}
