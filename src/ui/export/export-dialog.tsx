import { Download } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { CollectionInfo } from '../../domain/collection.ts';
import { isAbort } from '../../domain/errors.ts';
import { client, screen } from '../../state/app.ts';
import type { AddProgress } from '../../workspace/api.ts';
import type { ExportFormatId, ExportFormatInfo, ExportPreview } from '../../workspace/exports-api.ts';
import { useCollection } from '../app/hooks.ts';
import { Bar } from '../parts/bar.tsx';
import { Button } from '../parts/button.tsx';
import { Dialog, DialogActions } from '../parts/dialog.tsx';
import { number, plural, sentence, size } from '../parts/format.ts';
import { Notice } from '../parts/notice.tsx';
import { Segments } from '../parts/segments.tsx';
import css from './export.module.css';
import { downloadName, saveBlob, shortenRecord } from './record.ts';

export function ExportDialog({ onClose }: { onClose: () => void }) {
  const collection = useCollection();
  const [formats, setFormats] = useState<ExportFormatInfo[]>([]);
  const [chosen, setChosen] = useState<ExportFormatId>('json');
  useEffect(() => {
    client.exportFormats().then(setFormats, error => screen.toast({ tone: 'bad', text: sentence(error) }));
  }, []);
  const format = formats.find(({ id }) => id === chosen);
  return (
    <Dialog title="Export" onClose={onClose} width="wide">
      <Segments
        label="Format"
        value={chosen}
        choices={formats.map(({ id, name }) => ({ value: id, label: name }))}
        onChange={setChosen}
      />
      {collection && <Preview key={chosen} collection={collection} format={chosen} />}
      {collection && format && <Saving collection={collection} format={format} onClose={onClose} />}
    </Dialog>
  );
}

function Preview({ collection, format }: { collection: CollectionInfo; format: ExportFormatId }) {
  const [preview, setPreview] = useState<ExportPreview>();
  const [error, setError] = useState<string>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: more chunks and files make another preview
  useEffect(() => {
    let current = true;
    client.exportPreview(collection.id, { format }).then(
      value => current && setPreview(value),
      reason => current && setError(sentence(reason)),
    );
    return () => {
      current = false;
    };
  }, [collection.id, collection.chunks, collection.files, format]);

  if (error !== undefined) return <p role="alert">{error}</p>;
  return (
    <>
      <figure className={css.figure}>
        <figcaption>The first record, its vector shortened here</figcaption>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
        <section className={css.record} tabIndex={0} aria-label="First record">
          {preview ? (preview.records > 0 ? shortenRecord(preview.first) : 'No vectors yet.') : '…'}
        </section>
      </figure>
      <p className={css.size} role="status">
        {preview ? `${plural(preview.records, 'record')}, about ${size(preview.bytes)}` : 'Measuring'}
      </p>
      {preview && preview.unfinished > 0 && (
        <Notice tone="warn">
          {preview.unfinished === 1
            ? '1 file is not finished: its vectors so far are included.'
            : `${number(preview.unfinished)} files are not finished: their vectors so far are included.`}
        </Notice>
      )}
    </>
  );
}

interface SavingProps {
  collection: CollectionInfo;
  format: ExportFormatInfo;
  onClose: () => void;
}

function Saving({ collection, format, onClose }: SavingProps) {
  const [progress, setProgress] = useState<AddProgress>();
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);

  async function download() {
    const controller = new AbortController();
    running.current = controller;
    setProgress({ done: 0, total: 0 });
    try {
      const blob = await client.exportCollection(
        collection.id,
        { format: format.id },
        controller.signal,
        setProgress,
      );
      saveBlob(blob, downloadName(collection.name, format.extension));
      onClose();
      screen.toast({
        tone: 'plain',
        text: `${downloadName(collection.name, format.extension)}: ${size(blob.size)}.`,
      });
    } catch (error) {
      if (!isAbort(error)) screen.toast({ tone: 'bad', text: sentence(error) });
      setProgress(undefined);
    }
  }

  return (
    <>
      {progress && (
        <div className={css.progress}>
          <Bar value={progress.total === 0 ? 0 : progress.done / progress.total} label="Export" />
          <span>
            {number(progress.done)} of {number(progress.total)}
          </span>
        </div>
      )}
      <DialogActions>
        <Button onClick={progress ? () => running.current?.abort() : onClose}>Cancel</Button>
        <Button look="primary" disabled={progress !== undefined} onClick={() => void download()}>
          <Download size={16} aria-hidden /> Download
        </Button>
      </DialogActions>
    </>
  );
}
