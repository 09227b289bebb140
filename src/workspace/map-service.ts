import * as Comlink from 'comlink';
import { VecdropError } from '../domain/errors.ts';
import type { MapPoints, Projection } from '../domain/map.ts';
import { firstAbove } from '../domain/sorted.ts';
import { findClusters } from '../map/clusters.ts';
import { createCovariance } from '../map/covariance.ts';
import { fitToSquare } from '../map/fit.ts';
import { labelClusters } from '../map/labels.ts';
import { findNeighbours } from '../map/neighbours.ts';
import { type Axes, principalAxes, project } from '../map/pca.ts';
import { layOut } from '../map/umap.ts';
import type { Database } from '../store/database.ts';
import { openDatabase } from '../store/database.ts';
import { vectorBatches } from '../store/vector-batches.ts';
import { createGlances, type StoredChunk } from './glances.ts';
import type { MapProgress } from './map-api.ts';
import { type MapSource, readMapSource } from './map-source.ts';

/** A map and the key of the vectors that it was made of. */
export interface MadeMap {
  key: string;
  map: MapPoints;
}

/** Rows that the axes are found from: every k-th chunk where there are more. */
const ROWS_FOR_AXES = 16_384;
/** Axes that neighbours are looked for along, and how many neighbours hold a chunk in its place. */
const AXES_FOR_NEIGHBOURS = 32;
const NEIGHBOURS = 15;
/** Texts of a cluster that its label is found in, and UTF-16 units of each. */
const TEXTS_A_CLUSTER = 60;
const TEXT_LENGTH = 1_200;
/** Readings of a collection that changes under the reader's hands before it is said. */
const ATTEMPTS = 3;
const EVERY_MS = 100;

/** Puts a collection's chunks on the plane. Holds a block of vectors at a time, never all of them. */
export class MapService {
  async points(
    collectionId: string,
    projection: Projection,
    progress: (progress: MapProgress) => void,
  ): Promise<MadeMap> {
    const db = await openDatabase({ onBlocked: () => {} });
    try {
      const { key, map } = await makeMap(db, collectionId, projection, seldom(progress));
      return Comlink.transfer({ key, map }, [map.points.buffer, map.clusterOf.buffer]);
    } finally {
      db.close();
    }
  }
}

/** At most ten words of progress a second. */
function seldom(progress: (progress: MapProgress) => void): (stage: string, done: number) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (stage, done) => {
    const now = performance.now();
    if (now - last < EVERY_MS) return;
    last = now;
    progress({ stage, done });
  };
}

type Say = (stage: string, done: number) => void;

async function makeMap(
  db: Database,
  collectionId: string,
  projection: Projection,
  say: Say,
): Promise<MadeMap> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const source = await readMapSource(db, collectionId);
    const flat = await readPlane(db, source, projection, say);
    if (!flat) continue;
    fitToSquare(flat);
    const { clusterOf, clusters } = findClusters(flat);
    say('Naming clusters', 0.9);
    const labels = await labelsOf(db, source, clusterOf, clusters.length);
    return {
      key: source.key,
      map: {
        files: source.files.map(({ fileId, generation }) => ({ fileId, count: generation.done })),
        points: flat,
        clusterOf,
        clusters: clusters.map((cluster, i) => ({ ...cluster, label: labels[i] ?? '' })),
      },
    };
  }
  throw new VecdropError(
    'storage/failed',
    'The files changed while the map was being made. Make it again when they are done.',
  );
}

/** x and y of every chunk; undefined where vectors went missing while they were read. */
async function readPlane(
  db: Database,
  source: MapSource,
  projection: Projection,
  say: Say,
): Promise<Float32Array | undefined> {
  // The vectors are read twice, once for the axes and once to be laid along them; the shares are of the whole way.
  const reading = projection === 'pca' ? 0.45 : 0.1;
  const axes = await axesOf(db, source, projection === 'pca' ? 2 : AXES_FOR_NEIGHBOURS, done =>
    say('Reading vectors', reading * done),
  );
  const rows =
    axes && (await projected(db, source, axes, done => say('Reading vectors', reading * (1 + done))));
  if (!rows) return undefined;
  const plane = firstTwo(rows, axes.count);
  if (projection === 'umap') {
    const lists = findNeighbours(rows, axes.count, NEIGHBOURS, done =>
      say('Finding neighbours', 0.2 + 0.2 * done),
    );
    layOut(plane, lists, done => say('Laying out', 0.4 + 0.5 * done));
  }
  return plane;
}

/** The first two of `width` columns; a second one of zeros where there is none. */
function firstTwo(rows: Float32Array, width: number): Float32Array {
  if (width === 2) return rows;
  const plane = new Float32Array((rows.length / width) * 2);
  for (let row = 0; row < plane.length / 2; row++) {
    plane[2 * row] = rows[row * width] as number;
    plane[2 * row + 1] = width > 1 ? (rows[row * width + 1] as number) : 0;
  }
  return plane;
}

async function axesOf(
  db: Database,
  source: MapSource,
  wanted: number,
  say: (done: number) => void,
): Promise<Axes | undefined> {
  const { dimensions } = source;
  const covariance = createCovariance(dimensions);
  const step = Math.max(1, Math.ceil(source.count / ROWS_FOR_AXES));
  let row = 0;
  for await (const { count, data } of vectorBatches(db, spansOf(source))) {
    if (step === 1) covariance.add(data, count);
    else
      for (let i = (step - (row % step)) % step; i < count; i += step)
        covariance.add(data.subarray(i * dimensions, (i + 1) * dimensions), 1);
    row += count;
    say(row / source.count);
  }
  return row === source.count ? principalAxes(covariance.finish(), wanted) : undefined;
}

/** axes.count floats a chunk. */
async function projected(
  db: Database,
  source: MapSource,
  axes: Axes,
  say: (done: number) => void,
): Promise<Float32Array | undefined> {
  const rows = new Float32Array(source.count * axes.count);
  let row = 0;
  for await (const { count, data } of vectorBatches(db, spansOf(source))) {
    project(axes, data, count, rows, row);
    row += count;
    say(row / source.count);
  }
  return row === source.count ? rows : undefined;
}

function spansOf({ files }: MapSource) {
  return files.map(({ generation: { id, done } }) => ({ generation: id, count: done }));
}

/** Words for each cluster, from texts that are spread evenly over it. */
async function labelsOf(
  db: Database,
  source: MapSource,
  clusterOf: Uint8Array,
  clusters: number,
): Promise<string[]> {
  const read = createGlances(db);
  const members = Array.from({ length: clusters }, (): number[] => []);
  clusterOf.forEach((cluster, i) => {
    members[cluster]?.push(i);
  });
  const sampled = members.map(all => {
    const step = Math.max(1, all.length / TEXTS_A_CLUSTER);
    return Array.from(
      { length: Math.min(TEXTS_A_CLUSTER, all.length) },
      (_, i) => all[Math.floor(i * step)] ?? 0,
    );
  });
  const chunks = chunksAt(source, sampled.flat());
  const texts = (await read(chunks, TEXT_LENGTH)).map(({ text }) => text);
  const starts = sampled.map((_, cluster) =>
    sampled.slice(0, cluster).reduce((sum, { length }) => sum + length, 0),
  );
  return labelClusters(sampled.map(({ length }, i) => texts.slice(starts[i], (starts[i] ?? 0) + length)));
}

/** Which chunks points stand for. */
function chunksAt({ files }: MapSource, indexes: readonly number[]): StoredChunk[] {
  const ends: number[] = [];
  for (const { generation } of files) ends.push((ends.at(-1) ?? 0) + generation.done);
  return indexes.map(index => {
    const file = firstAbove(ends, index);
    return { generation: files[file]?.generation, ordinal: index - (ends[file - 1] ?? 0) };
  });
}
