import { FileInput } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { client } from '../../state/app.ts';
import { Button } from '../parts/button.tsx';
import { DialogActions } from '../parts/dialog.tsx';
import field from '../parts/field.module.css';
import { Notice } from '../parts/notice.tsx';
import css from './import.module.css';
import { filesWords } from './words.ts';

interface Props {
  /** Those that were chosen: being looked at, or refused. */
  files: readonly File[];
  looking: boolean;
  error: string | undefined;
  onFiles: (files: readonly File[]) => void;
  onClose: () => void;
}

/** The files come in: by a drop anywhere on the page, or chosen. */
export function ChooseStep({ files, looking, error, onFiles, onClose }: Props) {
  const input = useRef<HTMLInputElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => button.current?.focus(), []);
  const [extensions, setExtensions] = useState<readonly string[]>([]);
  useEffect(() => {
    // The list only helps to choose: without it every file can be.
    client.importExtensions().then(setExtensions, () => {});
  }, []);
  return (
    <>
      {error !== undefined && (
        <div className={css.boxed}>
          <Notice tone="bad">
            {filesWords(files)}: {error}
          </Notice>
        </div>
      )}
      <div className={css.drop}>
        <p className={css.dropTitle}>Drop an export here</p>
        <p>
          An archive of Vecdrop brings a whole collection back. A table of texts with their vectors becomes a
          collection, or goes into one that is here.
        </p>
        <p className={css.endings}>{extensions.map(extension => `.${extension}`).join(' ')}</p>
        <input
          ref={input}
          type="file"
          multiple
          hidden
          accept={extensions.map(extension => `.${extension}`).join(',')}
          aria-label="Files to import"
          onChange={event => {
            const chosen = [...(event.currentTarget.files ?? [])];
            event.currentTarget.value = '';
            if (chosen.length > 0) onFiles(chosen);
          }}
        />
        <Button ref={button} look="primary" onClick={() => input.current?.click()}>
          <FileInput size={16} aria-hidden /> Choose files
        </Button>
      </div>
      <p className={field.hint} role="status">
        {looking
          ? `Looking into ${filesWords(files)}`
          : 'You see what is in it before anything is written. Nothing is sent anywhere.'}
      </p>
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
      </DialogActions>
    </>
  );
}
