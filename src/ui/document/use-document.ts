import { useEffect, useMemo, useState } from 'react';
import type { FileRow } from '../../domain/collection.ts';
import { client } from '../../state/app.ts';
import type { DocumentInfo } from '../../workspace/api.ts';
import { sentence } from '../parts/format.ts';
import { createTextSource, type TextSource } from './text-source.ts';

export interface OpenDocument {
  info: DocumentInfo;
  text: TextSource;
  /** Offsets at which its lines start; absent while they are counted. */
  lines?: Uint32Array;
}

interface Answer {
  fileId: string;
  info?: DocumentInfo;
  error?: string;
}

/**
 * The document of a file, asked for again when its state or its number of chunks changes; commits in between only move
 * `embedded`, which the row tells. The old answer stays until the new one is here.
 */
export function useDocument(row: FileRow): { document?: OpenDocument; error?: string; loading: boolean } {
  const { id, state, chunks } = row;
  // A finished file changes only when it was read or embedded anew, maybe between two looks at it.
  const finished = state === 'done' ? row.revision : 0;
  const [answer, setAnswer] = useState<Answer>();

  // biome-ignore lint/correctness/useExhaustiveDependencies: these say that the document is another
  useEffect(() => {
    let current = true;
    client.document(id).then(
      info => current && setAnswer({ fileId: id, ...(info ? { info } : {}) }),
      error => current && setAnswer({ fileId: id, error: sentence(error) }),
    );
    return () => {
      current = false;
    };
  }, [id, state, chunks, finished]);

  const info = answer?.fileId === id ? answer.info : undefined;
  const length = info?.length;
  const print = useMemo(() => info && fingerprint(info.chunks.hashes), [info]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the same length may hold another text
  const text = useMemo(
    () =>
      length === undefined
        ? undefined
        : createTextSource((start, end) => client.text(id, start, end), length),
    [id, length, print],
  );
  const lines = useLineStarts(id, print);
  return {
    loading: answer?.fileId !== id,
    ...(info && text ? { document: { info, text, ...(lines ? { lines } : {}) } } : {}),
    ...(answer?.fileId === id && answer.error !== undefined ? { error: answer.error } : {}),
  };
}

/** Asked for once a text, and only when that is on screen: a long one takes a while to be gone through. */
function useLineStarts(fileId: string, print: number | undefined): Uint32Array | undefined {
  const [counted, setCounted] = useState<{ key: string; lines: Uint32Array }>();
  const key = `${fileId}/${print}`;
  useEffect(() => {
    if (print === undefined) return;
    let current = true;
    client.lineStarts(fileId).then(
      lines => current && setCounted({ key, lines }),
      // Without them a chunk is shown as before, but for its lines.
      () => {},
    );
    return () => {
      current = false;
    };
  }, [fileId, print, key]);
  return counted?.key === key ? counted.lines : undefined;
}

/** FNV-1a over the chunks' text hashes: the same while the chunks hold the same text. */
function fingerprint(hashes: Uint8Array): number {
  let value = 0x811c9dc5;
  for (const byte of hashes) value = Math.imul(value ^ byte, 0x01000193);
  return value;
}
