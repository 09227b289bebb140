import { useEffect, useRef, useState } from 'react';
import type { CollectionInfo } from '../../domain/collection.ts';
import { isAbort } from '../../domain/errors.ts';
import { EXPORT_COLUMNS, type ExportColumn } from '../../domain/export.ts';
import { client, screen } from '../../state/app.ts';
import type { AddProgress } from '../../workspace/api.ts';
import type { ExportFormatInfo, ExportOptions, ExportPreview } from '../../workspace/exports-api.ts';
import { sentence, size } from '../parts/format.ts';
import type { ChosenOptions } from './export-options.tsx';
import { WEB_PAGE } from './page-search.tsx';
import { chooseTarget, downloadName, saveBlob } from './record.ts';

/** What a person chose, as far as this format can do it. */
export function optionsFor(
  format: ExportFormatInfo,
  { precision, without, selectedOnly, wordsOnly, originals }: ChosenOptions,
  selected: readonly string[],
): ExportOptions {
  const page = format.id === WEB_PAGE;
  const wanted = (column: ExportColumn) =>
    page ? column !== 'embedding' || !wordsOnly : !without.has(column) || !format.optional.includes(column);
  return {
    format: format.id,
    precision: format.precisions.includes(precision) ? precision : 'float32',
    columns: EXPORT_COLUMNS.filter(wanted),
    ...(format.originals && originals ? { originals } : {}),
    ...(selectedOnly && selected.length > 0 ? { fileIds: [...selected] } : {}),
  };
}

/** The preview of these options; the last one stays until the next is there. */
export function useExportPreview(collection: CollectionInfo, options: ExportOptions | undefined) {
  const [answer, setAnswer] = useState<{ key: string; preview?: ExportPreview; error?: string }>();
  const key = JSON.stringify([collection.id, collection.chunks, collection.files, options]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key holds them all
  useEffect(() => {
    if (!options) return;
    let current = true;
    client.exportPreview(collection.id, options).then(
      preview => current && setAnswer({ key, preview }),
      error => current && setAnswer({ key, error: sentence(error) }),
    );
    return () => {
      current = false;
    };
  }, [key]);
  return {
    preview: answer?.preview,
    error: answer?.key === key ? answer.error : undefined,
    fresh: answer?.key === key,
  };
}

/** Writes exports into files that end in `ending`, one at a time, until the dialog closes. */
export function useExporting(collection: CollectionInfo, ending: string, onDone: () => void) {
  const [progress, setProgress] = useState<AddProgress>();
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);

  async function run(write: (signal: AbortSignal) => Promise<string | undefined>) {
    const controller = new AbortController();
    running.current = controller;
    setProgress({ done: 0, total: 0 });
    try {
      const said = await write(controller.signal);
      if (said === undefined) return;
      onDone();
      screen.toast({ tone: 'plain', text: said });
    } catch (error) {
      if (!isAbort(error)) screen.toast({ tone: 'bad', text: sentence(error) });
    } finally {
      setProgress(undefined);
    }
  }

  return {
    progress,
    cancel: () => running.current?.abort(),
    download: (options: ExportOptions) =>
      run(async signal => {
        const blob = await client.exportCollection(collection.id, options, signal, setProgress);
        const name = downloadName(collection.name, ending);
        saveBlob(blob, name);
        return `${name}: ${size(blob.size)}.`;
      }),
    /** Asks for a file first; what the person cancels there changes nothing. */
    saveAs: (format: ExportFormatInfo, options: ExportOptions) =>
      run(async signal => {
        const target = await chooseTarget(downloadName(collection.name, ending), format);
        if (!target) return undefined;
        try {
          const bytes = await client.exportToFile(collection.id, options, target.handle, signal, setProgress);
          return `${target.handle.name}: ${size(bytes)}.`;
        } catch (error) {
          await target.discard();
          throw error;
        }
      }),
  };
}
