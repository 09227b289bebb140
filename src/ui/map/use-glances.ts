import { useEffect, useState } from 'react';
import type { ChunkGlance } from '../../domain/map.ts';
import { client } from '../../state/app.ts';
import { placeOf, type ShownMap } from '../../state/chunk-map.ts';

/** UTF-16 units read of a chunk. */
const LENGTH = 220;
/** Chunks whose beginnings are kept. */
const MOST_KEPT = 5_000;

const kept = new WeakMap<ShownMap, Map<number, ChunkGlance>>();

/** How the chunks of some points begin, as far as it is known by now; the rest is asked for. */
export function useGlances(map: ShownMap, points: readonly number[]): ReadonlyMap<number, ChunkGlance> {
  let known = kept.get(map);
  if (!known || known.size > MOST_KEPT) {
    known = new Map();
    kept.set(map, known);
  }
  const [, setArrived] = useState(0);
  const glances = known;
  const wanted = points.filter(point => !glances.has(point)).join();

  useEffect(() => {
    if (wanted === '') return;
    let current = true;
    const missing = wanted.split(',').map(Number);
    const places = missing.map(point => placeOf(map, point));
    client.chunkGlances(places, LENGTH).then(
      answers => {
        answers.forEach((answer, i) => {
          glances.set(missing[i] as number, answer);
        });
        if (current) setArrived(before => before + 1);
      },
      // Names and places stand without the words.
      () => {},
    );
    return () => {
      current = false;
    };
  }, [map, glances, wanted]);
  return glances;
}

/** Where a chunk stands in its file: 'page 3 · Tides', or its number. */
export function placeWords(ordinal: number, glance: ChunkGlance | undefined): string {
  const parts = [glance?.page === undefined ? undefined : `page ${glance.page}`, glance?.headings.at(-1)];
  return parts.filter(Boolean).join(' · ') || `chunk ${ordinal + 1}`;
}
