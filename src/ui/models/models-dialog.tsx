import { ArrowLeft } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { shelf } from '../../state/app.ts';
import type { ShownModel } from '../../state/screen.ts';
import { useModel, useNarrow, useShelf } from '../app/hooks.ts';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { AddModel } from './add-model.tsx';
import { Downloads } from './downloads.tsx';
import { ModelDetails } from './model-details.tsx';
import { ModelList } from './model-list.tsx';
import css from './models.module.css';
import { useTask } from './use-task.ts';

interface Props {
  shown: ShownModel | undefined;
  onClose: () => void;
}

/** All models, one of them or the form for another beside the list; in a narrow window one at a time. */
export function ModelsDialog({ shown, onClose }: Props) {
  const entries = useShelf(state => state.entries);
  const reading = useTask();
  const narrow = useNarrow();
  const current = useModel()?.id;
  const [view, setView] = useState(shown);
  const pane = useRef<HTMLDivElement>(null);
  const { run } = reading;

  useEffect(() => setView(shown), [shown]);
  useEffect(() => run(async () => void (await Promise.all([shelf.readEntries(), shelf.readHosts()]))), [run]);

  /** The way from the list to the pane and back, for the keyboard too. */
  function show(next: ShownModel | undefined) {
    setView(next);
    if (narrow && next) requestAnimationFrame(() => pane.current?.focus());
  }
  function back() {
    setView(undefined);
    requestAnimationFrame(() => document.getElementById('models')?.focus());
  }

  const fallback = narrow || current === undefined ? undefined : { id: current };
  const found = view && 'id' in view ? entries?.find(({ info }) => info.id === view.id) : undefined;
  const settled = view && 'id' in view && entries && !found ? fallback : (view ?? fallback);
  const entry = settled && 'id' in settled ? entries?.find(({ info }) => info.id === settled.id) : undefined;
  const paneShown = entry !== undefined || (settled !== undefined && 'add' in settled);

  return (
    <Dialog
      title="Models"
      width="broad"
      description="GGUF embedding models, kept in this browser and run by it, and endpoints that you add."
      onClose={onClose}
    >
      {reading.error !== undefined && (
        <p role="alert" className={css.failed}>
          {reading.error}
        </p>
      )}
      {!entries && reading.error === undefined && (
        <p role="status" className={css.quiet}>
          Reading the models
        </p>
      )}
      {entries && (
        <div className={css.columns}>
          {(!narrow || !paneShown) && (
            <div className={css.side}>
              <ModelList entries={entries} shown={settled} onShow={show} />
              <Downloads />
            </div>
          )}
          {paneShown && settled && (
            <div className={css.pane} ref={pane} tabIndex={-1}>
              {narrow && (
                <div>
                  <Button look="quiet" className={css.back} onClick={back}>
                    <ArrowLeft size={16} aria-hidden /> All models
                  </Button>
                </div>
              )}
              {'add' in settled ? (
                <AddModel {...settled} onAdded={id => show({ id })} onDownload={narrow ? back : () => {}} />
              ) : (
                entry && <ModelDetails key={entry.info.id} entry={entry} onRemoved={back} onUsed={onClose} />
              )}
            </div>
          )}
        </div>
      )}
    </Dialog>
  );
}
