import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { ShownMap } from '../../state/chunk-map.ts';
import { plural } from '../parts/format.ts';
import type { Pixel } from './gestures.ts';
import { HoverCard } from './hover-card.tsx';
import { clusterRadii } from './label-layout.ts';
import css from './map.module.css';
import type { Rgb } from './paint.ts';
import { createSurface, type Surface, type SurfaceEvents } from './surface.ts';

interface Props {
  map: ShownMap;
  /** Four bytes a point. */
  colours: Uint8Array;
  marks: Uint8Array;
  ring: Rgb;
  active: number | undefined;
  /** A drag draws a box rather than move the map. */
  boxing: boolean;
  onSurface: (surface: Surface | undefined) => void;
  onOpen: (point: number) => void;
  onBox: (points: number[]) => void;
  onRest: (points: number[]) => void;
  onEscape: () => void;
}

/** The points, and over them the clusters' words, the rings and what the pointer is on. */
export function MapStage(props: Props) {
  const { map, colours, marks, ring, active, boxing, onSurface, onEscape } = props;
  const stage = useRef<HTMLDivElement>(null);
  const hoverRing = useRef<HTMLDivElement>(null);
  const activeRing = useRef<HTMLDivElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const labels = useRef<HTMLDivElement>(null);
  const surface = useRef<Surface>(undefined);
  const [draws, setDraws] = useState(true);
  const [hovered, setHovered] = useState<{ point: number; at: Pixel }>();

  // What the surface calls is looked up when it calls: it is made once, and these are of every render.
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });

  useEffect(() => {
    if (!stage.current || !hoverRing.current || !activeRing.current || !box.current) return;
    const events: SurfaceEvents = {
      hover: (point, at) => setHovered(point === undefined ? undefined : { point, at }),
      open: point => latest.current.onOpen(point),
      box: points => latest.current.onBox(points),
      rest: points => latest.current.onRest(points),
    };
    const parts = { hoverRing: hoverRing.current, activeRing: activeRing.current, box: box.current };
    const made = createSurface(stage.current, parts, () => latest.current.boxing, events);
    surface.current = made;
    setDraws(made.draws);
    onSurface(made);
    return () => {
      surface.current = undefined;
      onSurface(undefined);
      made.destroy();
    };
  }, [onSurface]);

  useEffect(() => {
    surface.current?.setPoints(map.points);
    setHovered(undefined);
    const radii = clusterRadii(map);
    const elements = [...(labels.current?.children ?? [])] as HTMLElement[];
    surface.current?.setOverlay({
      labels: map.clusters.flatMap(({ x, y }, i) => {
        const element = elements[i];
        return element ? { element, x, y, radius: radii[i] ?? 0 } : [];
      }),
    });
  }, [map]);
  useEffect(() => {
    surface.current?.setColours(colours, [ring[0] / 255, ring[1] / 255, ring[2] / 255]);
  }, [colours, ring]);
  useEffect(() => surface.current?.setMarks(marks), [marks]);
  useEffect(() => surface.current?.setActive(active), [active]);

  function keyDown(event: KeyboardEvent) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape') onEscape();
    else if (!surface.current?.key(event.key)) return;
    event.preventDefault();
  }

  return (
    <div
      ref={stage}
      className={css.stage}
      role="application"
      aria-roledescription="map"
      aria-label={`Map of ${plural(map.points.length / 2, 'chunk')}: arrow keys move it, plus and minus zoom, 0 shows all. The list has the chunks in view.`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: keys move and zoom it
      tabIndex={0}
      data-boxing={boxing ? '' : undefined}
      onKeyDown={keyDown}
    >
      <div ref={labels} className={css.labels} aria-hidden>
        {map.clusters.map(({ label, x, y }) => (
          <span key={`${x},${y}`} className={css.label}>
            {label}
          </span>
        ))}
      </div>
      <div ref={hoverRing} className={css.ring} hidden />
      <div ref={activeRing} className={`${css.ring} ${css.activeRing}`} hidden />
      <div ref={box} className={css.drawnBox} hidden />
      {hovered && stage.current && (
        <HoverCard
          map={map}
          point={hovered.point}
          at={hovered.at}
          within={{ width: stage.current.clientWidth, height: stage.current.clientHeight }}
        />
      )}
      {!draws && (
        <p className={css.undrawn}>
          This browser cannot draw the points: it has no WebGL 2, or it is switched off. The list has every
          chunk.
        </p>
      )}
    </div>
  );
}
