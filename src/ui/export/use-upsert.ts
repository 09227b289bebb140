import { useEffect, useState } from 'react';
import type { CollectionInfo } from '../../domain/collection.ts';
import { client } from '../../state/app.ts';
import type {
  DatabaseLook,
  UpsertOffer,
  UpsertProgress,
  UpsertReport,
  UpsertSelection,
  UpsertTarget,
} from '../../workspace/upsert-api.ts';
import { useTask } from '../models/use-task.ts';

/** How far the sending is. */
export interface Sending extends UpsertProgress {
  /** Records a second since it began. */
  speed: number;
}

/** What there is to send, asked again when the collection or the choice changes. */
export function useUpsertOffer(
  { id, chunks, files }: CollectionInfo,
  selection: UpsertSelection,
): UpsertOffer | undefined {
  const [offer, setOffer] = useState<UpsertOffer>();
  const { run } = useTask();
  const chosen = JSON.stringify(selection);
  // biome-ignore lint/correctness/useExhaustiveDependencies: they tell that there is other data
  useEffect(() => {
    run(async signal => {
      const fresh = await client.upsertOffer(id, JSON.parse(chosen));
      if (!signal.aborted) setOffer(fresh);
    });
  }, [run, id, chunks, files, chosen]);
  return offer;
}

/** Connecting to one database, sending to it, and removing what is left over there. */
export function useUpsert(collectionId: string) {
  const connecting = useTask();
  const working = useTask();
  const [look, setLook] = useState<DatabaseLook>();
  const [sending, setSending] = useState<Sending>();
  const [report, setReport] = useState<UpsertReport>();
  const [stopped, setStopped] = useState(false);

  /** Forgets what was found: something else is typed. */
  function reset() {
    connecting.cancel();
    working.cancel();
    setLook(undefined);
    setReport(undefined);
    setStopped(false);
  }

  return {
    look,
    sending,
    report,
    stopped,
    connecting: connecting.busy,
    removing: working.busy && !sending,
    error: connecting.error ?? working.error,
    reset,
    connect(target: UpsertTarget) {
      reset();
      connecting.run(async signal => setLook(await client.lookAtDatabase(collectionId, target, signal)));
    },
    send(target: UpsertTarget, selection: UpsertSelection) {
      setReport(undefined);
      setStopped(false);
      const started = performance.now();
      setSending({ done: 0, total: 0, speed: 0 });
      working.run(async signal => {
        const progress = ({ done, total }: UpsertProgress) => {
          const seconds = (performance.now() - started) / 1000;
          if (!signal.aborted) setSending({ done, total, speed: done / Math.max(seconds, 0.001) });
        };
        try {
          setReport(await client.upsertCollection(collectionId, target, selection, signal, progress));
        } finally {
          if (!signal.aborted) setSending(undefined);
        }
      });
    },
    stop() {
      working.cancel();
      setSending(undefined);
      setStopped(true);
    },
    removeLeftOver(target: UpsertTarget) {
      working.run(async signal => {
        await client.removeLeftOver(collectionId, target, signal);
        setReport(before => before && { ...before, leftOver: 0 });
      });
    },
  };
}
