/** Which part of the plane is on screen: the plane's point in the middle, and pixels a unit. */
export interface View {
  x: number;
  y: number;
  scale: number;
}

export interface Size {
  width: number;
  height: number;
}

export interface Box {
  left: number;
  right: number;
  bottom: number;
  top: number;
}

/** Pixels left free above and below the points when all are shown; at the sides more, for the labels. */
const MARGIN = 28;
const SIDE_SHARE = 0.1;
/** How far in a person can zoom, from all points in view. */
const CLOSEST = 400;
const FARTHEST = 0.5;

/** The view that has all of −1 to 1, as far as there are points. */
export function fitView(points: Float32Array, { width, height }: Size): View {
  let [left, right, bottom, top] = [1, -1, 1, -1];
  for (let i = 0; i < points.length; i += 2) {
    const x = points[i] as number;
    const y = points[i + 1] as number;
    if (x < left) left = x;
    if (x > right) right = x;
    if (y < bottom) bottom = y;
    if (y > top) top = y;
  }
  if (left > right) [left, right, bottom, top] = [-1, 1, -1, 1];
  const room = (pixels: number, extent: number) => Math.max(1, pixels) / Math.max(extent, 0.01);
  return {
    x: (left + right) / 2,
    y: (bottom + top) / 2,
    scale: Math.min(
      room(width * (1 - 2 * SIDE_SHARE), right - left),
      room(height - 2 * MARGIN, top - bottom),
    ),
  };
}

/** Moved so that what was under the pointer goes along; pixels, y downwards. */
export function panned(view: View, dx: number, dy: number): View {
  return { ...view, x: view.x - dx / view.scale, y: view.y + dy / view.scale };
}

/** Nearer by a factor, what is at a pixel staying there. `whole` is the scale at which all points are in view. */
export function zoomedAt(
  view: View,
  factor: number,
  at: { x: number; y: number },
  size: Size,
  whole: number,
): View {
  const scale = Math.min(CLOSEST * whole, Math.max(FARTHEST * whole, view.scale * factor));
  const [dx, dy] = [at.x - size.width / 2, at.y - size.height / 2];
  return {
    x: view.x + dx / view.scale - dx / scale,
    y: view.y - dy / view.scale + dy / scale,
    scale,
  };
}

export function toScreen(view: View, size: Size, x: number, y: number): { x: number; y: number } {
  return {
    x: size.width / 2 + (x - view.x) * view.scale,
    y: size.height / 2 - (y - view.y) * view.scale,
  };
}

export function toPlane(view: View, size: Size, x: number, y: number): { x: number; y: number } {
  return {
    x: view.x + (x - size.width / 2) / view.scale,
    y: view.y - (y - size.height / 2) / view.scale,
  };
}

/** The part of the plane between two pixels. */
export function boxOf(
  view: View,
  size: Size,
  from: { x: number; y: number },
  to: { x: number; y: number },
): Box {
  const a = toPlane(view, size, Math.min(from.x, to.x), Math.max(from.y, to.y));
  const b = toPlane(view, size, Math.max(from.x, to.x), Math.min(from.y, to.y));
  return { left: a.x, right: b.x, bottom: a.y, top: b.y };
}

export function visibleBox(view: View, size: Size): Box {
  return boxOf(view, size, { x: 0, y: 0 }, { x: size.width, y: size.height });
}

/** Points in a box, in order. */
export function pointsIn(
  points: Float32Array,
  { left, right, bottom, top }: Box,
  hidden?: Uint8Array,
): number[] {
  const found: number[] = [];
  for (let i = 0; i < points.length / 2; i++) {
    const x = points[2 * i] as number;
    const y = points[2 * i + 1] as number;
    if (x >= left && x <= right && y >= bottom && y <= top && !hidden?.[i]) found.push(i);
  }
  return found;
}
