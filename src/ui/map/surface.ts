import { followGestures, type Pixel } from './gestures.ts';
import { movedInside, withoutOverlap } from './label-layout.ts';
import { createPickIndex, type PickIndex } from './pick.ts';
import { createRenderer, HIDDEN } from './renderer.ts';
import {
  boxOf,
  fitView,
  panned,
  pointsIn,
  type Size,
  toPlane,
  toScreen,
  type View,
  visibleBox,
  zoomedAt,
} from './view.ts';

export interface SurfaceEvents {
  /** The point that the pointer is on and where it lies on the surface; undefined for none. */
  hover(point: number | undefined, at: Pixel): void;
  open(point: number): void;
  /** A box was drawn round these points. */
  box(points: number[]): void;
  /** The view came to rest with these points in it. */
  rest(points: number[]): void;
}

/** Elements that lie over the points and move with them. */
export interface Overlay {
  /** `radius` is of what the label names, in the plane. */
  labels: readonly { element: HTMLElement; x: number; y: number; radius: number }[];
}

/** Pixels from a point at which the pointer is still on it. */
const REACH = 9;
const REST_MS = 140;
const PAN_STEP = 60;
const ZOOM_STEP = 1.4;

export type Surface = ReturnType<typeof createSurface>;

/**
 * The map's drawing surface in `element`: the view, what is under the pointer, and a frame whenever something changed,
 * never more. `rings` mark the point under the pointer and the one that the list is on; `box` is the box being drawn.
 */
export function createSurface(
  element: HTMLElement,
  parts: { hoverRing: HTMLElement; activeRing: HTMLElement; box: HTMLElement },
  boxTool: () => boolean,
  events: SurfaceEvents,
) {
  const canvas = document.createElement('canvas');
  canvas.setAttribute('aria-hidden', 'true');
  element.prepend(canvas);
  let renderer = createRenderer(canvas);
  const data = {
    points: new Float32Array(0) as Float32Array,
    colours: new Uint8Array(0) as Uint8Array,
    marks: new Uint8Array(0) as Uint8Array,
    ring: [0, 0, 0] as readonly [number, number, number],
  };
  let hidden: Uint8Array | undefined;
  let index: PickIndex | undefined;
  let overlay: Overlay = { labels: [] };
  let labelSizes: { width: number; height: number }[] = [];
  let shownLabels: { scale: number; flags: boolean[] } | undefined;
  /** Of nothing until the element has one: then nothing is drawn. */
  let size: Size = { width: 0, height: 0 };
  let view: View = { x: 0, y: 0, scale: 1 };
  let whole = 1;
  /** Until a person moves it, the view follows the size of the pane. */
  let fitted = true;
  let hovered = -1;
  let active = -1;
  let frame = 0;
  let resting: ReturnType<typeof setTimeout> | undefined;

  function request() {
    if (frame === 0) frame = requestAnimationFrame(draw);
  }

  function draw() {
    frame = 0;
    if (size.width === 0) return;
    const count = data.points.length / 2;
    // Small where there are many, larger as one comes nearer.
    const crowd = Math.sqrt((size.width * size.height * 0.16) / Math.max(1, count));
    const near = (view.scale / whole) ** 0.4;
    const diameter = Math.min(11, Math.max(2.2, Math.min(8, crowd) * near));
    const ratio = canvas.width / size.width;
    const plain = count > 20_000 ? 0.7 : 0.9;
    renderer?.draw(view, size, ratio, { size: diameter, plain, ring: data.ring });
    placeRing(parts.hoverRing, hovered, diameter);
    placeRing(parts.activeRing, active, diameter);
    placeLabels();
  }

  function placeRing(ring: HTMLElement, point: number, diameter: number) {
    ring.hidden = point < 0 || point >= data.points.length / 2;
    if (ring.hidden) return;
    const { x, y } = screenOf(point);
    ring.style.transform = `translate(${x}px, ${y}px) scale(${(diameter + 6) / 16})`;
  }

  function placeLabels() {
    const { labels } = overlay;
    const places = labels.map(({ x, y, radius }, i) => {
      const { width, height } = labelSizes[i] ?? { width: 0, height: 0 };
      const middle = toScreen(view, size, x, y);
      // On what is wide enough, else below it: a label must not hide what it names.
      const reach = radius * view.scale;
      return { x: middle.x, y: middle.y + (reach < width / 3 ? reach + height / 2 + 2 : 0), width, height };
    });
    // Moving the map changes nothing of what overlaps, and labels must not flicker then.
    if (shownLabels?.scale !== view.scale) shownLabels = { scale: view.scale, flags: withoutOverlap(places) };
    const { flags } = shownLabels;
    labels.forEach(({ element: label, x: atX, y: atY }, i) => {
      const place = places[i];
      if (!place) return;
      const { x, y, width, height } = movedInside(place, toScreen(view, size, atX, atY), size);
      label.style.visibility = flags[i] ? 'visible' : 'hidden';
      label.style.transform = `translate(${Math.round(x - width / 2)}px, ${Math.round(y - height / 2)}px)`;
    });
  }

  const screenOf = (point: number) =>
    toScreen(view, size, data.points[2 * point] as number, data.points[2 * point + 1] as number);

  function look(next: View) {
    view = next;
    hoverAt(undefined);
    request();
    clearTimeout(resting);
    resting = setTimeout(rest, REST_MS);
  }

  function rest() {
    events.rest(pointsIn(data.points, visibleBox(view, size), hidden));
  }

  function pointAt(at: Pixel): number {
    const { x, y } = toPlane(view, size, at.x, at.y);
    return index?.nearest(x, y, REACH / view.scale, hidden) ?? -1;
  }

  function hoverAt(at: Pixel | undefined) {
    const point = at ? pointAt(at) : -1;
    if (point === hovered) return;
    hovered = point;
    element.style.cursor = point >= 0 ? 'pointer' : '';
    events.hover(point < 0 ? undefined : point, point < 0 ? { x: 0, y: 0 } : screenOf(point));
    request();
  }

  function drawBox(from: Pixel, to: Pixel) {
    const { style } = parts.box;
    parts.box.hidden = false;
    style.left = `${Math.min(from.x, to.x)}px`;
    style.top = `${Math.min(from.y, to.y)}px`;
    style.width = `${Math.abs(to.x - from.x)}px`;
    style.height = `${Math.abs(to.y - from.y)}px`;
  }

  const zoom = (factor: number, at: Pixel = { x: size.width / 2, y: size.height / 2 }) => {
    fitted = false;
    look(zoomedAt(view, factor, at, size, whole));
  };
  const pan = (dx: number, dy: number) => {
    fitted = false;
    look(panned(view, dx, dy));
  };
  const showAll = () => {
    fitted = true;
    view = fitView(data.points, size);
    whole = view.scale;
    look(view);
  };

  /** What a key does to the map; whether it was one of the map's. */
  function key(name: string): boolean {
    if (name === 'ArrowLeft') pan(PAN_STEP, 0);
    else if (name === 'ArrowRight') pan(-PAN_STEP, 0);
    else if (name === 'ArrowUp') pan(0, PAN_STEP);
    else if (name === 'ArrowDown') pan(0, -PAN_STEP);
    else if (name === '+' || name === '=') zoom(ZOOM_STEP);
    else if (name === '-') zoom(1 / ZOOM_STEP);
    else if (name === '0') showAll();
    else return false;
    return true;
  }

  const unfollow = followGestures(element, boxTool, {
    pan,
    zoom,
    hover: hoverAt,
    click(at) {
      const point = pointAt(at);
      if (point >= 0) events.open(point);
    },
    box(from, to, done) {
      if (!done) {
        drawBox(from, to);
        return;
      }
      parts.box.hidden = true;
      events.box(pointsIn(data.points, boxOf(view, size, from, to), hidden));
    },
    noBox() {
      parts.box.hidden = true;
    },
  });

  function resize() {
    const { clientWidth: width, clientHeight: height } = element;
    if (width === 0 || height === 0) return;
    size = { width, height };
    canvas.width = Math.round(width * devicePixelRatio);
    canvas.height = Math.round(height * devicePixelRatio);
    const before = whole;
    whole = fitView(data.points, size).scale;
    if (fitted) showAll();
    else look({ ...view, scale: (view.scale * whole) / before });
    // A resized canvas is empty until it is drawn: not a frame later.
    if (frame !== 0) cancelAnimationFrame(frame);
    draw();
  }
  // At once, for the observer comes after the first frame.
  resize();
  const resizes = new ResizeObserver(resize);
  resizes.observe(element);

  canvas.addEventListener('webglcontextlost', event => {
    event.preventDefault();
    renderer = undefined;
  });
  canvas.addEventListener('webglcontextrestored', () => {
    renderer = createRenderer(canvas);
    renderer?.setPoints(data.points);
    renderer?.setColours(data.colours);
    renderer?.setMarks(data.marks);
    request();
  });

  return {
    /** False where the browser cannot draw: everything but the points works. */
    draws: renderer !== undefined,
    setPoints(points: Float32Array) {
      data.points = points;
      index = createPickIndex(points);
      hovered = -1;
      active = -1;
      renderer?.setPoints(points);
      showAll();
    },
    /** Four bytes a point, and the colour of the ring round raised ones. */
    setColours(colours: Uint8Array, ring: readonly [number, number, number]) {
      data.colours = colours;
      data.ring = ring;
      renderer?.setColours(colours);
      request();
    },
    setMarks(marks: Uint8Array) {
      data.marks = marks;
      hidden = marks.includes(HIDDEN) ? marks.map(mark => (mark === HIDDEN ? 1 : 0)) : undefined;
      renderer?.setMarks(marks);
      look(view);
    },
    setOverlay(next: Overlay) {
      overlay = next;
      labelSizes = next.labels.map(({ element: { offsetWidth, offsetHeight } }) => ({
        width: offsetWidth,
        height: offsetHeight,
      }));
      shownLabels = undefined;
      request();
    },
    /** The point that the list is on; brought into view if it lies outside. */
    setActive(point: number | undefined) {
      active = point ?? -1;
      if (active >= 0) {
        const { x, y } = screenOf(active);
        const inside = x >= 0 && y >= 0 && x <= size.width && y <= size.height;
        if (!inside) pan(size.width / 2 - x, size.height / 2 - y);
      }
      request();
    },
    key,
    zoomIn: () => zoom(ZOOM_STEP),
    zoomOut: () => zoom(1 / ZOOM_STEP),
    showAll,
    destroy() {
      cancelAnimationFrame(frame);
      clearTimeout(resting);
      resizes.disconnect();
      unfollow();
      renderer?.destroy();
      canvas.remove();
    },
  };
}
