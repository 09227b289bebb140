import { useEffect } from 'react';
import { chunkMap } from '../../state/app.ts';
import { newChunks, type ShownMap } from '../../state/chunk-map.ts';
import { useMirror } from '../app/hooks.ts';
import detail from '../document/detail.module.css';
import { DetailHead } from '../document/detail-pane.tsx';
import { Bar } from '../parts/bar.tsx';
import { Button } from '../parts/button.tsx';
import { number, plural } from '../parts/format.ts';
import { Notice } from '../parts/notice.tsx';
import { useChunkMap } from './hooks.ts';
import css from './map.module.css';
import { MapView } from './map-view.tsx';

/** Every chunk of the collection as a point. */
export function MapPane() {
  const shown = useChunkMap(state => state.shown);
  const making = useChunkMap(state => state.making);
  const error = useChunkMap(state => state.error);
  const anyVectors = useMirror(({ table }) => [...table.rows.values()].some(({ done }) => done > 0));
  const collectionId = useMirror(state => state.currentId);
  const points = (shown?.points.length ?? 0) / 2;

  // biome-ignore lint/correctness/useExhaustiveDependencies: another collection has a map of its own
  useEffect(() => {
    if (anyVectors) chunkMap.open();
  }, [anyVectors, collectionId]);

  return (
    <section className={detail.pane} id="detail" tabIndex={-1} aria-label="Map">
      <DetailHead>
        <div className={detail.title}>
          <h2>Map</h2>
          <p>
            {shown
              ? `${plural(points, 'chunk')} of ${plural(shown.files.length, 'file')}, alike ones close together`
              : 'Alike chunks close together'}
          </p>
        </div>
      </DetailHead>
      {shown && !making && <Newer map={shown} />}
      {shown && error !== undefined && <Notice tone="bad">{error}</Notice>}
      {shown && making && <Making />}
      {shown ? (
        <MapView map={shown} />
      ) : (
        <div className={detail.stands}>
          {making ? (
            <Making />
          ) : error !== undefined ? (
            <>
              <p>{error}</p>
              <Button onClick={chunkMap.update}>Make the map</Button>
            </>
          ) : (
            <p>There is nothing to show yet: a chunk comes on the map when it has its vector.</p>
          )}
        </div>
      )}
    </section>
  );
}

/** How far the map is, with a way to give it up. */
function Making() {
  const making = useChunkMap(state => state.making);
  if (!making) return null;
  return (
    <div className={css.making} role="status">
      <span className={css.stageWords}>{making.stage}</span>
      <Bar className={css.bar ?? ''} value={making.done} label="Making the map" />
      <Button look="quiet" onClick={chunkMap.cancel}>
        Cancel
      </Button>
    </div>
  );
}

/** Chunks that have come since: the map does not jump, it waits to be asked. */
function Newer({ map }: { map: ShownMap }) {
  const table = useMirror(state => state.table);
  const changing = useMirror(
    ({ collections, currentId }) => collections.find(({ id }) => id === currentId)?.nextRecipe !== undefined,
  );
  const done = [...table.rows.values()].map(row => [row.id, row.done] as const);
  // While chunks are made anew, the map shows those that serve.
  const fresh = changing ? 0 : newChunks(map, done);
  if (fresh === 0) return null;
  return (
    <Notice
      tone="plain"
      action={
        <Button look="link" onClick={chunkMap.update}>
          Update map
        </Button>
      }
    >
      {number(fresh)} new {fresh === 1 ? 'chunk' : 'chunks'}
    </Notice>
  );
}
