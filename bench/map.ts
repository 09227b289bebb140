import { createRequire } from 'node:module';
import { join } from 'node:path';
import { buildIfStale, DIST, ROOT } from '../scripts/build.ts';
import { createCovariance } from '../src/map/covariance.ts';
import { findNeighbours } from '../src/map/neighbours.ts';
import { type Axes, principalAxes, project } from '../src/map/pca.ts';
import { seededRandom } from '../src/map/random.ts';
import { layOut } from '../src/map/umap.ts';
import { pause, withPage } from './browser.ts';
import { installPeers, skip } from './peers.ts';
import { type Measure, median } from './report.ts';
import { seedCollection } from './seed.ts';
import { cpuOfMainThreads, eventsOf } from './trace.ts';

const DIMENSIONS = 384;
const TOPICS = 60;
const AXES = 32;
const NEIGHBOURS = 15;
/** As the map's worker takes them: see ROWS_FOR_AXES in src/workspace/map-service.ts. */
const ROWS_FOR_AXES = 16_384;
const BLOCK = 2048;
const POINTS = 100_000;
const PAN_MS = 4000;
const LIMIT_MS = 600_000;

/** The map: its frames on the page's thread, and its two layouts by CPU time in Node. */
export async function map(): Promise<Measure[]> {
  return [await framesMeasure(), pcaMeasure(), ...umapMeasures()];
}

/** CPU time of the page's thread for each frame while a map of 100,000 chunks is dragged about. */
async function framesMeasure(): Promise<Measure> {
  await buildIfStale();
  const trace = await withPage(DIST, async ({ context, page }) => {
    await seedCollection(page, { chunks: POINTS, files: 400, topics: 40 });
    await page.getByRole('button', { name: 'Map', exact: true }).click();
    const stage = page.getByRole('application');
    await stage.waitFor({ timeout: LIMIT_MS });
    const { x, y, width, height } = (await stage.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    const browser = context.browser();
    if (!browser) throw new Error('This context has no browser to trace.');
    await page.mouse.move(x + width / 2, y + height / 2);
    await page.mouse.down();
    // What came with the pane has settled.
    await pause(3000);
    await browser.startTracing(page, {
      categories: ['devtools.timeline', 'disabled-by-default-devtools.timeline'],
    });
    const end = Date.now() + PAN_MS;
    for (let turn = 0; Date.now() < end; turn++) {
      await page.mouse.move(
        x + width / 2 + 120 * Math.sin(turn / 9),
        y + height / 2 + 80 * Math.cos(turn / 7),
      );
    }
    const traced = await browser.stopTracing();
    await page.mouse.up();
    return traced;
  });
  const events = eventsOf(trace);
  const frames = events.filter(({ name }) => name === 'FireAnimationFrame').length;
  if (frames < 10) throw new Error(`The trace holds ${frames} frames, too few to tell anything.`);
  return {
    name: 'map: a frame of 100,000 points while it is dragged',
    value: cpuOfMainThreads(events) / frames,
    unit: 'ms CPU',
    atMost: 4,
    note: `${frames} frames, everything that the page's thread did in between`,
  };
}

function pcaMeasure(): Measure {
  const rows = topicRows(BLOCK);
  const blocks = Math.ceil(POINTS / BLOCK);
  const times = [0, 1, 2].map(() =>
    cpuOf(() => {
      const axes = axesOf(rows, Math.floor(ROWS_FOR_AXES / BLOCK), 2);
      const flat = new Float32Array(BLOCK * 2);
      for (let block = 0; block < blocks; block++) project(axes, rows, BLOCK, flat, 0);
    }),
  );
  return {
    name: 'map: 100,000 × 384 to the plane by PCA, reading left out',
    value: median(times) / 1000,
    unit: 's CPU',
  };
}

/** 10,000 vectors: ours from the vectors on, the plain library as it is given to us. */
function umapMeasures(): Measure[] {
  const count = 10_000;
  const rows = topicRows(count);
  const name = 'map: UMAP of 10,000 × 384';
  const ours = cpuOf(() => {
    const axes = axesOf(rows, 1, AXES);
    const along = new Float32Array(count * AXES);
    project(axes, rows, count, along, 0);
    const plane = Float32Array.from({ length: 2 * count }, (_, i) => along[(i >> 1) * AXES + (i % 2)] ?? 0);
    layOut(plane, findNeighbours(along, AXES, NEIGHBOURS));
  });
  if (!installPeers()) {
    skip('umap-js', 'It is not installed: npm ci --prefix bench --ignore-scripts');
    return [{ name, value: ours / 1000, unit: 's CPU' }];
  }
  const { UMAP } = createRequire(join(ROOT, 'bench', 'package.json'))('umap-js') as {
    UMAP: new (options: { nNeighbors: number; random: () => number }) => { fit(rows: number[][]): unknown };
  };
  const asArrays = Array.from({ length: count }, (_, i) =>
    Array.from(rows.subarray(i * DIMENSIONS, (i + 1) * DIMENSIONS)),
  );
  const theirs = cpuOf(() => new UMAP({ nNeighbors: NEIGHBOURS, random: seededRandom(1) }).fit(asArrays));
  return [
    {
      name: `${name}, umap-js ÷ ours`,
      value: theirs / ours,
      unit: '×',
      atLeast: 2,
      note: `${(ours / 1000).toFixed(1)} s and ${(theirs / 1000).toFixed(1)} s of CPU time`,
    },
  ];
}

/** Vectors of length 1 round the middles of topics. */
function topicRows(count: number): Float32Array {
  const random = seededRandom(4);
  const normal = () => random() + random() + random() + random() - 2;
  const middles = Float32Array.from({ length: TOPICS * DIMENSIONS }, normal);
  const rows = Float32Array.from({ length: count * DIMENSIONS }, (_, i) => {
    const [row, part] = [Math.floor(i / DIMENSIONS), i % DIMENSIONS];
    return (middles[(row % TOPICS) * DIMENSIONS + part] ?? 0) + 1.1 * normal();
  });
  for (let row = 0; row < count; row++) {
    const own = rows.subarray(row * DIMENSIONS, (row + 1) * DIMENSIONS);
    const length = Math.hypot(...own);
    for (let i = 0; i < DIMENSIONS; i++) own[i] = (own[i] ?? 0) / length;
  }
  return rows;
}

function axesOf(rows: Float32Array, times: number, wanted: number): Axes {
  const covariance = createCovariance(DIMENSIONS);
  for (let time = 0; time < times; time++) covariance.add(rows, rows.length / DIMENSIONS);
  return principalAxes(covariance.finish(), wanted);
}

/** CPU time of the process, in ms: what else runs on the machine must not count. */
function cpuOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
