import { FileInput } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Bar } from '../parts/bar.tsx';
import { Button } from '../parts/button.tsx';
import { DialogActions } from '../parts/dialog.tsx';
import { Notice } from '../parts/notice.tsx';
import css from './import.module.css';
import type { Importing } from './use-import.ts';
import { progressWords } from './words.ts';

interface Props {
  importing: Importing;
  /** What is counted, in the singular: 'row'. */
  unit: string;
  disabled: boolean;
  onImport: () => void;
  onClose: () => void;
}

/** How far it is, how it ended if not well, and the dialog's buttons. */
export function ImportActions({ importing, unit, disabled, onImport, onClose }: Props) {
  const { progress, isEnding, said, cancel } = importing;
  const busy = progress !== undefined;
  const cancelButton = useRef<HTMLButtonElement>(null);
  const importButton = useRef<HTMLButtonElement>(null);
  // A button that is switched off loses the focus: it goes to the one that is of use now.
  useEffect(() => {
    if (busy) cancelButton.current?.focus();
    else if (said) importButton.current?.focus();
  }, [busy, said]);
  return (
    <div className={css.foot}>
      {said && (
        <div className={css.boxed}>
          <Notice tone={said.tone}>{said.text}</Notice>
        </div>
      )}
      {progress && (
        <div className={css.progress}>
          <Bar value={progress.share} label="Import" />
          <span>{isEnding ? 'Taking back what was written' : progressWords(progress, unit)}</span>
        </div>
      )}
      <DialogActions>
        <Button ref={cancelButton} disabled={isEnding} onClick={busy ? cancel : onClose}>
          Cancel
        </Button>
        <Button ref={importButton} look="primary" disabled={busy || disabled} onClick={onImport}>
          <FileInput size={16} aria-hidden /> Import
        </Button>
      </DialogActions>
    </div>
  );
}
