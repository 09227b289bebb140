import { useState } from 'react';
import { Dialog } from '../parts/dialog.tsx';
import { ArchiveImport } from './archive-import.tsx';
import { ChooseStep } from './choose-step.tsx';
import { TableImport } from './table-import.tsx';
import { useLook } from './use-import.ts';

interface Props {
  /** Dropped on the page; more may come while the dialog is open. */
  files: readonly File[] | undefined;
  onClose: () => void;
}

const NONE: readonly File[] = [];

/** The way back of Export: what the files are, what will come of them, and only then anything is written. */
export function ImportDialog({ files: dropped, onClose }: Props) {
  const [{ files, turn }, setChosen] = useState({ files: dropped ?? NONE, turn: 0 });
  const setFiles = (next: readonly File[]) => setChosen(before => ({ files: next, turn: before.turn + 1 }));
  const [seen, setSeen] = useState(dropped);
  const [busy, setBusy] = useState(false);
  // What is dropped while an import runs waits until that one ends, and the dialog stays open for it.
  if (dropped !== seen && !busy) {
    setSeen(dropped);
    setFiles(dropped ?? NONE);
  }
  const { look, error, busy: looking } = useLook(files);
  const onDone = () => dropped === seen && onClose();
  const step = { files, onOther: () => setFiles(NONE), onBusy: setBusy, onDone, onClose };
  return (
    <Dialog title="Import" onClose={onClose} width={look?.kind === 'table' ? 'broad' : 'wide'}>
      {look === undefined && (
        <ChooseStep files={files} looking={looking} error={error} onFiles={setFiles} onClose={onClose} />
      )}
      {look?.kind === 'archive' && <ArchiveImport key={turn} look={look} {...step} />}
      {look?.kind === 'table' && <TableImport key={turn} look={look} {...step} />}
    </Dialog>
  );
}
