import { useEffect, useRef, useState } from 'react';
import { isModelPath } from '../../domain/split.ts';
import { screen } from '../../state/app.ts';
import { gatherDrop, gatherPasted, gatherPicked, takeDrop } from '../../state/drop.ts';
import { addGathered } from './adding.ts';
import css from './app.module.css';
import { useScreen } from './hooks.ts';

const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;

function isField(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest('input, textarea, select, [contenteditable], [role=dialog]') !== null
  );
}

/** Whether what is dropped is for the dialog that is open: all but models, which it may be waiting for. */
const isImporting = () => screen.store.getState().dialog?.kind === 'import';

/** Takes drops and pastes anywhere on the page, and covers it while files hang over it. */
export function DropOverlay() {
  const [over, setOver] = useState(false);
  const importing = useScreen(({ dialog }) => dialog?.kind === 'import');
  const depth = useRef(0);

  useEffect(() => {
    const cover = (shown: boolean) => {
      if (!shown) depth.current = 0;
      setOver(shown);
    };
    const enter = (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      depth.current += 1;
      cover(true);
    };
    const leave = (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      depth.current -= 1;
      if (depth.current <= 0) cover(false);
    };
    const hover = (event: DragEvent) => {
      if (!carriesFiles(event) || !event.dataTransfer) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'copy';
    };
    const drop = (event: DragEvent) => {
      cover(false);
      if (!carriesFiles(event) || !event.dataTransfer) return;
      event.preventDefault();
      const files = [...event.dataTransfer.files];
      if (isImporting() && !files.some(({ name }) => isModelPath(name))) {
        screen.set({ dialog: { kind: 'import', files } });
        return;
      }
      const taken = takeDrop(event.dataTransfer);
      void addGathered((known, signal) => gatherDrop(taken, known, signal));
    };
    const paste = (event: ClipboardEvent) => {
      if (isField(event.target) || !event.clipboardData) return;
      // Copied: the list is emptied behind the event.
      const files = [...event.clipboardData.files];
      const text = event.clipboardData.getData('text/plain');
      if (files.length > 0) void addGathered(known => gatherPicked(files, known));
      else if (text.trim() !== '') void addGathered(async () => gatherPasted(text));
      else return;
      event.preventDefault();
    };
    const listeners = new AbortController();
    const { signal } = listeners;
    window.addEventListener('dragenter', enter, { signal });
    window.addEventListener('dragleave', leave, { signal });
    window.addEventListener('dragover', hover, { signal });
    window.addEventListener('drop', drop, { signal });
    window.addEventListener('paste', paste, { signal });
    return () => listeners.abort();
  }, []);

  if (!over) return null;
  return (
    <div className={css.overlay} aria-hidden>
      <p>{importing ? 'Drop to import' : 'Drop to add'}</p>
    </div>
  );
}
