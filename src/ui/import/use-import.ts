import { useEffect, useRef, useState } from 'react';
import { isAbort } from '../../domain/errors.ts';
import type { ImportMapping } from '../../domain/import.ts';
import { client, mirror, screen } from '../../state/app.ts';
import type {
  ImportLook,
  ImportProgress,
  ImportReport,
  ImportTarget,
  TableCheck,
} from '../../workspace/imports-api.ts';
import { attempt, openCollection } from '../app/actions.ts';
import { useMirror } from '../app/hooks.ts';
import { sentence } from '../parts/format.ts';
import { importedWords } from './words.ts';

/** Milliseconds that a mapping stands still before it is checked: menus are gone through with arrow keys. */
const SETTLED_MS = 150;

/** What the chosen files are; looked at anew for other files, and when there are other models. */
export function useLook(files: readonly File[]) {
  const models = useMirror(state => state.models);
  const [answer, setAnswer] = useState<{ of: readonly File[]; look?: ImportLook; error?: string }>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is said of the file's model depends on the models here
  useEffect(() => {
    if (files.length === 0) return;
    const controller = new AbortController();
    client.lookAtImport([...files], controller.signal).then(
      look => !controller.signal.aborted && setAnswer({ of: files, look }),
      error => !controller.signal.aborted && setAnswer({ of: files, error: sentence(error) }),
    );
    return () => controller.abort();
  }, [files, models]);
  const mine = answer?.of === files ? answer : undefined;
  return { look: mine?.look, error: mine?.error, busy: files.length > 0 && mine === undefined };
}

/**
 * A table under this mapping and target, checked when they stand still for a moment: of several the last. What was told
 * before stays until the next answer, but is not `fresh`. Without a mapping nothing is checked.
 */
export function useTableCheck(
  files: readonly File[],
  mapping: ImportMapping | undefined,
  target: ImportTarget,
) {
  const [answer, setAnswer] = useState<{ key: string; check?: TableCheck; error?: string }>();
  const { name: _, ...pinned } = { name: undefined, ...target };
  const key = JSON.stringify([mapping, pinned]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key holds what counts of mapping and target
  useEffect(() => {
    if (!mapping) return;
    const controller = new AbortController();
    const timer = setTimeout(() => {
      client.checkTable([...files], mapping, target, controller.signal).then(
        check => !controller.signal.aborted && setAnswer({ key, check }),
        error => !controller.signal.aborted && setAnswer({ key, error: sentence(error) }),
      );
    }, SETTLED_MS);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [files, key]);
  const fresh = mapping !== undefined && answer?.key === key;
  return { check: answer?.check, error: fresh ? answer.error : undefined, fresh };
}

export interface Importing {
  /** While it runs. */
  progress: ImportProgress | undefined;
  /** Cancelled, and what was written so far is being taken back. */
  isEnding: boolean;
  /** What went wrong the last time, or that it was cancelled. */
  said: { tone: 'plain' | 'bad'; text: string } | undefined;
  run: (
    work: (signal: AbortSignal, progress: (progress: ImportProgress) => void) => Promise<ImportReport>,
  ) => void;
  cancel: () => void;
}

/** One import at a time, given up when the dialog closes; when it is done the dialog closes and its collection is on screen. */
export function useImporting(onDone: () => void): Importing {
  const [progress, setProgress] = useState<ImportProgress>();
  const [isEnding, setEnding] = useState(false);
  const [said, setSaid] = useState<Importing['said']>();
  const running = useRef<AbortController | undefined>(undefined);
  const isGone = useRef(false);
  useEffect(() => {
    isGone.current = false;
    return () => {
      isGone.current = true;
      running.current?.abort();
    };
  }, []);
  const done = useRef(onDone);
  useEffect(() => {
    done.current = onDone;
  }, [onDone]);

  const run: Importing['run'] = work => {
    if (running.current) return;
    const controller = new AbortController();
    running.current = controller;
    setSaid(undefined);
    setProgress({ done: 0, total: 0, share: 0 });
    // Progress comes by a port of its own: the last of it may be heard after the answer.
    const hear = (next: ImportProgress) => running.current === controller && setProgress(next);
    work(controller.signal, hear)
      .then(
        report => {
          if (!isGone.current) done.current();
          showImported(report);
        },
        error => {
          const end = isAbort(error)
            ? ({ tone: 'plain', text: 'Cancelled: nothing was imported.' } as const)
            : ({ tone: 'bad', text: sentence(error) } as const);
          if (isGone.current) screen.toast(end);
          else setSaid(end);
        },
      )
      .finally(() => {
        running.current = undefined;
        setProgress(undefined);
        setEnding(false);
      });
  };
  function cancel() {
    running.current?.abort();
    setEnding(true);
  }
  return { progress, isEnding, said, run, cancel };
}

/** The collection on screen, and a word about it with the way back. */
function showImported(report: ImportReport): void {
  const { collectionId, created, fileIds } = report;
  const before = mirror.store.getState().currentId;
  if (before !== collectionId) openCollection(collectionId);
  const undo = () =>
    void attempt(async () => {
      if (!created) return client.removeFiles(fileIds);
      await client.removeCollection(collectionId);
      if (before === undefined) screen.leaveCollection();
      else openCollection(before);
    });
  const isUndoable = created || fileIds.length > 0;
  screen.toast({ tone: 'plain', ...importedWords(report), ...(isUndoable ? { undo } : {}) });
}
