import type { ShownMap } from '../../state/chunk-map.ts';
import { HIDDEN, RAISED } from './renderer.ts';

/** Points that stand out, and those of files that are gone. */
export function marksOf(
  map: Pick<ShownMap, 'files' | 'points'>,
  isThere: (fileId: string) => boolean,
  raised: (point: number, file: number) => boolean,
): Uint8Array {
  const marks = new Uint8Array(map.points.length / 2);
  let point = 0;
  map.files.forEach(({ fileId, count }, file) => {
    const gone = !isThere(fileId);
    for (const end = point + count; point < end; point++) {
      if (gone) marks[point] = HIDDEN;
      else if (raised(point, file)) marks[point] = RAISED;
    }
  });
  return marks;
}
