import { BoxSelect, Download, Maximize, Minus, Plus, Trash2, X } from 'lucide-react';
import { useCallback, useMemo, useState } from 'react';
import { chunkMap, screen } from '../../state/app.ts';
import { placeOf, pointOf, type ShownMap } from '../../state/chunk-map.ts';
import { removeFiles } from '../app/actions.ts';
import { useMirror } from '../app/hooks.ts';
import { Button } from '../parts/button.tsx';
import { number, plural } from '../parts/format.ts';
import { openChunk } from '../search/actions.ts';
import { ChunkList } from './chunk-list.tsx';
import { usualGrouping } from './groups.ts';
import { useChunkMap } from './hooks.ts';
import { Legend, ScoreLegend } from './legend.tsx';
import css from './map.module.css';
import { MapSettings } from './map-settings.tsx';
import { MapStage } from './map-stage.tsx';
import { marksOf } from './marks.ts';
import { paintValues } from './paint.ts';
import type { Surface } from './surface.ts';
import { useColouring } from './use-colouring.ts';
import { usePalette } from './use-palette.ts';
import { useHits, useScores } from './use-scores.ts';

const NONE: readonly number[] = [];
/** Hits that stand out, of all points: where nearly all were found, the best of them are meant. */
const HITS_SHARE = 0.2;
const LEAST_HITS = 5;

/** The map with its tools, legend and list. */
export function MapView({ map }: { map: ShownMap }) {
  const palette = usePalette();
  const wanted = useChunkMap(state => state.colourBy);
  const chosen = useChunkMap(state => state.chosen);
  const active = useChunkMap(state => state.active);
  const rows = useMirror(state => state.table.rows);
  const order = useMirror(state => state.table.order);
  const [surface, setSurface] = useState<Surface>();
  const [boxing, setBoxing] = useState(false);
  const [inView, setInView] = useState(NONE);
  const [held, setHeld] = useState<number>();
  const [pinned, setPinned] = useState<number>();
  const hits = useHits();
  const scores = useScores(map, wanted === 'score');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the order is another one when files come or go
  const usual = useMemo(() => usualGrouping(map.files, rows), [map, order]);
  const by = wanted === undefined || wanted === 'score' ? usual : wanted;
  const grouping = useColouring(map, by, palette);
  const { groups, groupAt } = grouping;
  const colours = useMemo(
    () => (scores ? paintValues(scores, palette.kinds[0] ?? palette.ink, palette.accent) : grouping.bytes),
    [scores, grouping.bytes, palette],
  );
  const raisedGroup = held ?? pinned;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the order is another one when files come or go
  const marks = useMemo(() => {
    const best = Math.max(LEAST_HITS, HITS_SHARE * (map.points.length / 2));
    const found = hits.slice(0, best).map(hit => pointOf(map, hit));
    const some = new Set(chosen.length > 0 ? chosen : found);
    return marksOf(
      map,
      fileId => rows.has(fileId),
      raisedGroup === undefined ? point => some.has(point) : point => groupAt(point) === raisedGroup,
    );
  }, [map, order, chosen, hits, raisedGroup, groups]);

  const open = useCallback((point: number) => openChunk(placeOf(map, point)), [map]);
  const choose = (points: readonly number[]) => {
    setBoxing(false);
    chunkMap.set({ chosen: points, active: undefined });
  };
  const giveUp = () => {
    setBoxing(false);
    if (chosen.length > 0) choose(NONE);
  };
  const listed = chosen.length > 0 ? chosen : inView;

  return (
    <div className={css.map}>
      <div className={css.field}>
        <MapStage
          map={map}
          colours={colours}
          marks={marks}
          ring={palette.ink}
          active={active}
          boxing={boxing}
          onSurface={setSurface}
          onOpen={open}
          onBox={choose}
          onRest={setInView}
          onEscape={giveUp}
        />
        <div className={css.tools}>
          <Button
            icon
            aria-label="Select with a box"
            title="Select with a box (or drag with Shift)"
            aria-pressed={boxing}
            onClick={() => setBoxing(!boxing)}
          >
            <BoxSelect size={16} aria-hidden />
          </Button>
          <Button icon aria-label="Zoom in" title="Zoom in (+)" onClick={() => surface?.zoomIn()}>
            <Plus size={16} aria-hidden />
          </Button>
          <Button icon aria-label="Zoom out" title="Zoom out (−)" onClick={() => surface?.zoomOut()}>
            <Minus size={16} aria-hidden />
          </Button>
          <Button icon aria-label="Show all" title="Show all (0)" onClick={() => surface?.showAll()}>
            <Maximize size={16} aria-hidden />
          </Button>
        </div>
      </div>
      <aside className={css.side} aria-label="Colours and chunks">
        <MapSettings
          by={by}
          onColourBy={colourBy => {
            setPinned(undefined);
            chunkMap.set({ colourBy });
          }}
        />
        {scores ? (
          <ScoreLegend />
        ) : (
          <Legend groups={groups} by={by} pinned={pinned} onHold={setHeld} onPin={setPinned} />
        )}
        <div className={css.listHead}>
          <h3 aria-live="polite">
            {chosen.length > 0
              ? `${number(chosen.length)} chosen`
              : `${plural(inView.length, 'chunk')} in view`}
          </h3>
          <Button
            look="quiet"
            disabled={active === undefined || !listed.includes(active)}
            onClick={() => active !== undefined && open(active)}
          >
            Open
          </Button>
          {chosen.length > 0 && (
            <Button
              look="quiet"
              icon
              aria-label="Choose none"
              title="Choose none"
              onClick={() => choose(NONE)}
            >
              <X size={16} aria-hidden />
            </Button>
          )}
        </div>
        {chosen.length > 0 && <Chosen map={map} chosen={chosen} onGone={() => choose(NONE)} />}
        <ChunkList
          map={map}
          points={listed}
          label={chosen.length > 0 ? 'Chosen chunks' : 'Chunks in view'}
          active={active}
          colourOf={scores ? undefined : point => groups[groupAt(point)]?.colour ?? 0}
          onActive={point => chunkMap.set({ active: point })}
          onOpen={open}
          onChooseAll={() => choose(listed)}
          onEscape={giveUp}
        />
      </aside>
    </div>
  );
}

/** What can be done with the chosen chunks. */
function Chosen({ map, chosen, onGone }: { map: ShownMap; chosen: readonly number[]; onGone: () => void }) {
  const places = useMemo(() => chosen.map(point => placeOf(map, point)), [map, chosen]);
  const files = useMemo(() => [...new Set(places.map(({ fileId }) => fileId))], [places]);
  return (
    <div className={css.deeds}>
      <Button look="quiet" onClick={() => screen.set({ dialog: { kind: 'export', places } })}>
        <Download size={15} aria-hidden /> Export these
      </Button>
      <Button
        look="quiet"
        title="Remove the files that the chosen chunks are of"
        onClick={() => {
          onGone();
          void removeFiles(files);
        }}
      >
        <Trash2 size={15} aria-hidden /> Remove {plural(files.length, 'file')}
      </Button>
    </div>
  );
}
