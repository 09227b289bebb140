/** Finds the point nearest to a place. */
export interface PickIndex {
  /** The nearest point within `radius`, the lowest of equally near ones; -1 where there is none. */
  nearest(x: number, y: number, radius: number, hidden?: Uint8Array): number;
}

/** Points a cell of the grid, on average. */
const CROWD = 4;

/** A grid over −1 to 1 with the points of each cell behind one another. `points` are x and y in turn. */
export function createPickIndex(points: Float32Array): PickIndex {
  const count = points.length / 2;
  const side = Math.min(1024, Math.max(1, Math.ceil(Math.sqrt(count / CROWD))));
  const cell = (coordinate: number) =>
    Math.min(side - 1, Math.max(0, Math.floor(((coordinate + 1) / 2) * side)));
  const starts = new Uint32Array(side * side + 1);
  const cellOf = new Uint32Array(count);
  for (let i = 0; i < count; i++) {
    const at = cell(points[2 * i + 1] as number) * side + cell(points[2 * i] as number);
    cellOf[i] = at;
    starts[at + 1] = (starts[at + 1] as number) + 1;
  }
  for (let i = 0; i < side * side; i++) starts[i + 1] = (starts[i + 1] as number) + (starts[i] as number);
  const order = new Uint32Array(count);
  const next = starts.slice(0, -1);
  for (let i = 0; i < count; i++) {
    const at = cellOf[i] as number;
    const place = next[at] as number;
    order[place] = i;
    next[at] = place + 1;
  }

  return {
    nearest(x, y, radius, hidden) {
      let best = -1;
      let least = radius * radius;
      const [left, right] = [cell(x - radius), cell(x + radius)];
      for (let row = cell(y - radius); row <= cell(y + radius); row++) {
        const end = starts[row * side + right + 1] as number;
        for (let k = starts[row * side + left] as number; k < end; k++) {
          const i = order[k] as number;
          if (hidden?.[i]) continue;
          const square = ((points[2 * i] as number) - x) ** 2 + ((points[2 * i + 1] as number) - y) ** 2;
          if (square < least || (square === least && (best < 0 || i < best))) {
            least = square;
            best = i;
          }
        }
      }
      return best;
    },
  };
}
