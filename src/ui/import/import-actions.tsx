import { FileInput } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { AddProgress } from '../../workspace/api.ts';
import { Bar } from '../parts/bar.tsx';
import { Button } from '../parts/button.tsx';
import { DialogActions } from '../parts/dialog.tsx';
import { percent } from '../parts/format.ts';
import { Notice } from '../parts/notice.tsx';
import css from './import.module.css';
import type { Importing } from './use-import.ts';

interface Props {
  importing: Importing;
  /** How far it is, in words; without them in percent. */
  counted?: ((progress: AddProgress) => string) | undefined;
  /** Whether it is known how much there is. */
  isMeasured: boolean;
  disabled: boolean;
  onImport: () => void;
  onClose: () => void;
}

/** How far it is, how it ended if not well, and the dialog's buttons. */
export function ImportActions({ importing, counted, isMeasured, disabled, onImport, onClose }: Props) {
  const { progress, isEnding, said, cancel } = importing;
  const share = progress && progress.total > 0 ? progress.done / progress.total : 0;
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
          {isMeasured && <Bar value={share} label="Import" />}
          <span>
            {isEnding
              ? 'Taking back what was written'
              : progress.done === 0
                ? 'Reading'
                : (counted?.(progress) ?? percent(share))}
          </span>
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
