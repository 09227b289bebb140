import { FolderSync } from 'lucide-react';
import { useMemo } from 'react';
import { useStore } from 'zustand';
import { keptFolders } from '../../state/app.ts';
import { SAMPLE_FOLDER } from '../../state/sample.ts';
import { chooseFolder } from '../app/choose.ts';
import { useMirror } from '../app/hooks.ts';
import type { MenuChoice } from '../parts/menu.tsx';
import { rescanFolder } from './rescan.ts';

const icon = <FolderSync size={15} aria-hidden />;

/** Ways to see the folders of the collection again: kept ones at once, the others have to be chosen. */
export function useFolderChoices(): MenuChoice[] {
  const folders = useStore(keptFolders.store, state => state.folders);
  const order = useMirror(state => state.table.order);
  const rows = useMirror(state => state.table.rows);
  const isUnkept = useMemo(() => {
    const kept = new Set([SAMPLE_FOLDER, ...folders.map(({ name }) => name)]);
    return order.some(id => {
      const path = rows.get(id)?.path ?? '';
      const folder = path.slice(0, Math.max(0, path.indexOf('/')));
      // What came out of an archive by itself lies in no folder.
      return folder !== '' && !kept.has(folder) && !/\.zip$/i.test(folder);
    });
  }, [order, rows, folders]);
  return [
    ...folders.map(folder => ({
      label: `Re-scan ${folder.name}`,
      icon,
      run: () => void rescanFolder(folder),
    })),
    ...(isUnkept ? [{ label: 'Choose the folder again', icon, run: () => void chooseFolder() }] : []),
  ];
}
