import { placeOf, type ShownMap } from '../../state/chunk-map.ts';
import { useRow } from '../app/hooks.ts';
import { splitPath } from '../parts/format.ts';
import type { Pixel } from './gestures.ts';
import css from './map.module.css';
import { placeWords, useGlances } from './use-glances.ts';

interface Props {
  map: ShownMap;
  point: number;
  /** Where the point is, and how wide and high the surface is. */
  at: Pixel;
  within: { width: number; height: number };
}

/** Below or above the point, whichever side has room. */
const AWAY = 12;
const WIDTH = 300;

/** What the pointer is on: file, place and first words. */
export function HoverCard({ map, point, at, within }: Props) {
  const { fileId, ordinal } = placeOf(map, point);
  const row = useRow(fileId);
  const glance = useGlances(map, [point]).get(point);
  const width = Math.min(WIDTH, within.width - 2 * AWAY);
  const left = Math.max(AWAY, Math.min(at.x - width / 2, within.width - width - AWAY));
  const below = at.y < within.height / 2;
  return (
    <div
      className={css.card}
      aria-hidden
      style={{ left, width, ...(below ? { top: at.y + AWAY } : { bottom: within.height - at.y + AWAY }) }}
    >
      <p className={css.cardHead}>
        <strong>{splitPath(row?.path ?? '')[1]}</strong> {placeWords(ordinal, glance)}
      </p>
      <p className={css.cardText}>{glance?.text ?? '…'}</p>
    </div>
  );
}
