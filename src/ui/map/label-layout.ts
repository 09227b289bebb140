import type { MapPoints } from '../../domain/map.ts';
import type { Size } from './view.ts';

/** A label with the middle of its place and its extent, in pixels. */
export interface PlacedLabel {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Room between labels, in pixels. */
const GAP = 4;

/** Which labels can be shown without one lying over another; those that come first go first. */
export function withoutOverlap(labels: readonly PlacedLabel[]): boolean[] {
  const shown: PlacedLabel[] = [];
  return labels.map(label => {
    const free = shown.every(
      other =>
        Math.abs(other.x - label.x) >= (other.width + label.width) / 2 + GAP ||
        Math.abs(other.y - label.y) >= (other.height + label.height) / 2 + GAP,
    );
    if (free) shown.push(label);
    return free;
  });
}

/** The label moved so that all of it can be read, where its place is on screen; as it is where that is not. */
export function movedInside(
  label: PlacedLabel,
  place: { x: number; y: number },
  { width, height }: Size,
): PlacedLabel {
  if (place.x < 0 || place.x > width || place.y < 0 || place.y > height) return label;
  const inside = (at: number, extent: number, room: number) =>
    extent > room ? at : Math.min(room - extent / 2, Math.max(extent / 2, at));
  return { ...label, x: inside(label.x, label.width, width), y: inside(label.y, label.height, height) };
}

/** How far nearly all points of each cluster lie from its middle: twice their root mean square distance. */
export function clusterRadii({ points, clusterOf, clusters }: Omit<MapPoints, 'files'>): number[] {
  const squares = clusters.map(() => 0);
  clusterOf.forEach((cluster, i) => {
    const middle = clusters[cluster];
    if (!middle) return;
    const square =
      ((points[2 * i] as number) - middle.x) ** 2 + ((points[2 * i + 1] as number) - middle.y) ** 2;
    squares[cluster] = (squares[cluster] as number) + square;
  });
  return squares.map((sum, i) => 2 * Math.sqrt(sum / Math.max(1, clusters[i]?.chunks ?? 1)));
}
