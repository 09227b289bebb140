/** Of no cluster. */
export const NO_CLUSTER = 255;

/** Cells a side of the grid that densities are counted on. */
const SIDE = 160;
const MOST_CLUSTERS = 40;
/** A cluster ends where the density falls below this share of its peak's. */
const EDGE = 0.04;
/** Two peaks are two clusters where the lower one stands this many times above the saddle between them. */
const PROMINENCE = 1.3;

export interface Clusters {
  /** Cluster of each point, NO_CLUSTER for what lies between. */
  clusterOf: Uint8Array;
  /** The middle of their points and how many they are, the largest first. */
  clusters: { x: number; y: number; chunks: number }[];
}

/**
 * Where points lie thick: the peaks of their smoothed density, each with what climbs to it; a peak that hardly stands
 * out joins its higher neighbour (ToMATo: Chazal, Guibas, Oudot and Skraba 2013). Nobody says how many there are, and
 * nothing is left to chance. Points are x and y in turn, within −1 to 1. One cluster alone tells nothing: then none.
 */
export function findClusters(points: Float32Array): Clusters {
  const count = points.length / 2;
  const cellOf = new Uint32Array(count);
  const counts = new Float64Array(SIDE * SIDE);
  for (let i = 0; i < count; i++) {
    const cell = toCell(points[2 * i + 1] as number) * SIDE + toCell(points[2 * i] as number);
    cellOf[i] = cell;
    counts[cell] = (counts[cell] as number) + 1;
  }
  const sigma = bandwidth(points);
  const peakOf = climb(blur(counts, sigma), sigma);
  return gather(points, cellOf, peakOf, Math.max(4, Math.ceil(count / 400)));
}

function toCell(coordinate: number): number {
  return Math.min(SIDE - 1, Math.max(0, Math.floor(((coordinate + 1) / 2) * SIDE)));
}

/** In cells: half of Silverman's rule for the plane, for the whole of it would melt neighbours into one. */
function bandwidth(points: Float32Array): number {
  const count = points.length / 2;
  let [x, y, squares] = [0, 0, 0];
  for (let i = 0; i < points.length; i += 2) {
    x += points[i] as number;
    y += points[i + 1] as number;
    squares += (points[i] as number) ** 2 + (points[i + 1] as number) ** 2;
  }
  const variance = (squares - (x * x + y * y) / Math.max(1, count)) / Math.max(1, 2 * count);
  const cells = 0.5 * Math.sqrt(Math.max(0, variance)) * count ** (-1 / 6) * (SIDE / 2);
  return Math.min(SIDE / 12, Math.max(1, cells));
}

/** A Gaussian of `sigma` cells over the grid, first along rows, then along columns. */
function blur(cells: Float64Array, sigma: number): Float64Array {
  const reach = Math.ceil(3 * sigma);
  const weights = Array.from({ length: 2 * reach + 1 }, (_, i) =>
    Math.exp(-((i - reach) ** 2) / (2 * sigma ** 2)),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let from = cells;
  for (const step of [1, SIDE]) {
    const to = new Float64Array(cells.length);
    for (let cell = 0; cell < cells.length; cell++) {
      const value = from[cell] as number;
      if (value === 0) continue;
      const place = step === 1 ? cell % SIDE : Math.floor(cell / SIDE);
      for (let k = Math.max(-reach, -place); k <= Math.min(reach, SIDE - 1 - place); k++) {
        const other = cell + k * step;
        to[other] = (to[other] as number) + (value * (weights[k + reach] as number)) / total;
      }
    }
    from = to;
  }
  return from;
}

/** For every cell the cell of the peak that it belongs to; −1 where the density is too low for any. */
function climb(density: Float64Array, sigma: number): Int32Array {
  const order = Array.from(density.keys())
    .filter(cell => (density[cell] as number) > 0)
    .sort((a, b) => (density[b] as number) - (density[a] as number) || a - b);
  const parent = new Int32Array(density.length).fill(-1);
  const peakOf = (cell: number): number => {
    let root = cell;
    while (parent[root] !== root) root = parent[root] as number;
    while (parent[cell] !== root) {
      const next = parent[cell] as number;
      parent[cell] = root;
      cell = next;
    }
    return root;
  };
  for (const cell of order) {
    const height = density[cell] as number;
    const peaks = neighbours(cell)
      .filter(other => parent[other] !== -1)
      .map(peakOf);
    peaks.sort((a, b) => (density[b] as number) - (density[a] as number) || a - b);
    const [highest = cell] = peaks;
    parent[cell] = highest;
    for (const peak of peaks) {
      const root = peakOf(cell);
      // Peaks of a few points may be chance: they must stand out by more.
      const pointsUnder = (density[peak] as number) * 4 * Math.PI * sigma * sigma;
      const needed = PROMINENCE + 2 / Math.sqrt(Math.max(1, pointsUnder));
      if (peak !== root && (density[peak] as number) < height * needed) parent[peak] = root;
    }
  }
  return parent.map((_, cell) => {
    if (parent[cell] === -1) return -1;
    const peak = peakOf(cell);
    return (density[cell] as number) >= EDGE * (density[peak] as number) ? peak : -1;
  });
}

function neighbours(cell: number): number[] {
  const [row, column] = [Math.floor(cell / SIDE), cell % SIDE];
  const found: number[] = [];
  for (let r = Math.max(0, row - 1); r <= Math.min(SIDE - 1, row + 1); r++) {
    for (let c = Math.max(0, column - 1); c <= Math.min(SIDE - 1, column + 1); c++) {
      if (r !== row || c !== column) found.push(r * SIDE + c);
    }
  }
  return found;
}

/** Points by their cells' peaks; the few of a small peak belong nowhere. */
function gather(points: Float32Array, cellOf: Uint32Array, peakOf: Int32Array, least: number): Clusters {
  const sums = new Map<number, { x: number; y: number; chunks: number }>();
  cellOf.forEach((cell, i) => {
    const peak = peakOf[cell] as number;
    if (peak < 0) return;
    const sum = sums.get(peak) ?? { x: 0, y: 0, chunks: 0 };
    sums.set(peak, sum);
    sum.x += points[2 * i] as number;
    sum.y += points[2 * i + 1] as number;
    sum.chunks += 1;
  });
  const kept = [...sums]
    .filter(([, { chunks }]) => chunks >= least)
    .sort(([a, { chunks }], [b, other]) => other.chunks - chunks || a - b)
    .slice(0, MOST_CLUSTERS);
  const clusterOf = new Uint8Array(cellOf.length).fill(NO_CLUSTER);
  if (kept.length < 2) return { clusterOf, clusters: [] };
  const indexes = new Map(kept.map(([peak], index) => [peak, index]));
  cellOf.forEach((cell, i) => {
    clusterOf[i] = indexes.get(peakOf[cell] as number) ?? NO_CLUSTER;
  });
  return {
    clusterOf,
    clusters: kept.map(([, { x, y, chunks }]) => ({ x: x / chunks, y: y / chunks, chunks })),
  };
}
