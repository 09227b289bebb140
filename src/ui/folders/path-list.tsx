import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import type { ChangeRow } from '../../state/comparison.ts';
import { size, splitPath } from '../parts/format.ts';
import css from './folders.module.css';

/** Every row of a list is as high: with a second line where files have moved. */
const ROW_HEIGHT = 26;
const MOVED_HEIGHT = 44;
const MOST_HEIGHT = 234;

interface Props {
  id: string;
  label: string;
  rows: readonly ChangeRow[];
}

/** The paths of a group; only those in sight are drawn. */
export function PathList({ id, label, rows }: Props) {
  const scroller = useRef<HTMLElement>(null);
  const height = rows[0]?.from === undefined ? ROW_HEIGHT : MOVED_HEIGHT;
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 6,
  });
  return (
    <section
      ref={scroller}
      id={id}
      className={css.paths}
      style={{ height: Math.min(rows.length * height, MOST_HEIGHT) }}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
      tabIndex={0}
      aria-label={label}
    >
      <ul className={css.tall} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const row = rows[index];
          return (
            row && (
              <li
                key={index}
                className={css.row}
                style={{ height, transform: `translateY(${start}px)` }}
                aria-setsize={rows.length}
                aria-posinset={index + 1}
              >
                <Path path={row.path} />
                <span className={css.size}>{size(row.bytes)}</span>
                {row.from !== undefined && <span className={css.from}>was {row.from}</span>}
              </li>
            )
          );
        })}
      </ul>
    </section>
  );
}

function Path({ path }: { path: string }) {
  const [folder, name] = splitPath(path);
  return (
    <span className={css.path} title={path}>
      <span className={css.folder}>{folder}</span>
      <span className={css.file}>{name}</span>
    </span>
  );
}
