export interface Pixel {
  x: number;
  y: number;
}

/** What a person does to the map; places are pixels from its upper left corner. */
export interface Gestures {
  pan(dx: number, dy: number): void;
  zoom(factor: number, at: Pixel): void;
  /** The pointer rests at a place, or nowhere. */
  hover(at: Pixel | undefined): void;
  click(at: Pixel): void;
  /** A box is drawn; `done` says that it is. */
  box(from: Pixel, to: Pixel, done: boolean): void;
  /** A box was begun and given up. */
  noBox(): void;
}

/** Pixels that a finger or hand may tremble in a click. */
const TREMBLE = 5;
const PIXELS_A_LINE = 16;
const WHEEL = 0.0016;
/** A trackpad's pinch comes as a wheel with small steps. */
const PINCH = 0.01;

interface Drag {
  from: Pixel;
  boxing: boolean;
  moved: boolean;
}

/**
 * Follows pointers and the wheel: a drag moves the map, one with Shift or the box tool draws a box, two fingers zoom.
 * The returned function stops it.
 */
export function followGestures(element: HTMLElement, boxTool: () => boolean, gestures: Gestures): () => void {
  const pointers = new Map<number, Pixel>();
  let drag: Drag | undefined;

  const place = (event: MouseEvent): Pixel => {
    const { left, top } = element.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };

  function down(event: PointerEvent) {
    if (event.button !== 0 || pointers.size === 2) return;
    const at = place(event);
    pointers.set(event.pointerId, at);
    element.setPointerCapture(event.pointerId);
    gestures.hover(undefined);
    if (drag?.boxing) gestures.noBox();
    drag = pointers.size === 1 ? { from: at, boxing: event.shiftKey || boxTool(), moved: false } : undefined;
  }

  function move(event: PointerEvent) {
    const before = pointers.get(event.pointerId);
    const at = place(event);
    if (!before) {
      gestures.hover(at);
      return;
    }
    pointers.set(event.pointerId, at);
    if (pointers.size === 2) {
      pinch(event.pointerId, before, at);
    } else if (drag) {
      drag.moved ||= Math.hypot(at.x - drag.from.x, at.y - drag.from.y) > TREMBLE;
      if (drag.boxing) gestures.box(drag.from, at, false);
      else gestures.pan(at.x - before.x, at.y - before.y);
    }
  }

  /** The middle of two fingers moves the map, their distance zooms it. */
  function pinch(moved: number, before: Pixel, at: Pixel) {
    const [other] = [...pointers].filter(([id]) => id !== moved).map(([, where]) => where);
    if (!other) return;
    const factor = distance(at, other) / Math.max(1, distance(before, other));
    gestures.pan((at.x - before.x) / 2, (at.y - before.y) / 2);
    gestures.zoom(factor, { x: (at.x + other.x) / 2, y: (at.y + other.y) / 2 });
  }

  function up(event: PointerEvent) {
    if (!pointers.delete(event.pointerId)) return;
    const ended = drag;
    drag = undefined;
    if (!ended) return;
    if (!ended.moved) {
      if (ended.boxing) gestures.noBox();
      gestures.click(ended.from);
    } else if (ended.boxing) gestures.box(ended.from, place(event), true);
  }

  function cancel(event: PointerEvent) {
    pointers.delete(event.pointerId);
    if (drag?.boxing) gestures.noBox();
    drag = undefined;
  }

  function leave() {
    if (pointers.size === 0) gestures.hover(undefined);
  }

  function wheel(event: WheelEvent) {
    event.preventDefault();
    const pixels =
      event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * PIXELS_A_LINE : event.deltaY;
    gestures.zoom(Math.exp(-pixels * (event.ctrlKey ? PINCH : WHEEL)), place(event));
  }

  const stop = new AbortController();
  const options = { signal: stop.signal };
  element.addEventListener('pointerdown', down, options);
  element.addEventListener('pointermove', move, options);
  element.addEventListener('pointerup', up, options);
  element.addEventListener('pointercancel', cancel, options);
  element.addEventListener('pointerleave', leave, options);
  element.addEventListener('wheel', wheel, { ...options, passive: false });
  return () => stop.abort();
}

function distance(a: Pixel, b: Pixel): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
