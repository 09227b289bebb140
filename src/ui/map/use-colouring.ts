import { useMemo } from 'react';
import { firstAbove } from '../../domain/sorted.ts';
import type { ColourBy, ShownMap } from '../../state/chunk-map.ts';
import { useMirror } from '../app/hooks.ts';
import { type Group, groupFiles } from './groups.ts';
import { paintGroups } from './paint.ts';
import type { Palette } from './use-palette.ts';

export interface Colouring {
  groups: readonly Group[];
  /** The group of a point. */
  groupAt: (point: number) => number;
  /** Four bytes a point. */
  bytes: Uint8Array;
}

/** The points' colours and what they mean. */
export function useColouring(map: ShownMap, by: Exclude<ColourBy, 'score'>, palette: Palette): Colouring {
  const table = useMirror(state => state.table);
  const formats = useMirror(state => state.offers.formats);
  // A row changes with every block of vectors; what colours go by does not.
  const named = map.files.map(({ fileId }) => {
    const row = table.rows.get(fileId);
    return `${row?.path}\n${row?.format}`;
  });
  const key = named.join('\n');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says what of the rows counts
  const { groups, groupOfFile } = useMemo(
    () => groupFiles(map.files, table.rows, by, id => formats.find(format => format.id === id)?.name ?? id),
    [map, key, by, formats],
  );
  const bytes = useMemo(
    () =>
      paintGroups(
        map.files,
        groupOfFile,
        groups.map(({ colour }) => palette.kinds[colour] ?? palette.ink),
      ),
    [map, groups, groupOfFile, palette],
  );
  return {
    groups,
    bytes,
    groupAt: point => groupOfFile[firstAbove(map.ends, point)] as number,
  };
}
