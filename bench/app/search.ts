import sweepModule from '../../assembly/sweep.ts?wasm';
import { KeywordIndex } from '../../src/search/bm25.ts';
import { cosine } from '../../src/search/exact.ts';
import { VectorMatrix } from '../../src/search/matrix.ts';
import { nearest } from '../../src/search/nearest.ts';
import { ranked } from '../../src/search/ranking.ts';
import { queryTerms } from '../../src/search/terms.ts';
import { madeVectors, random } from '../../src/search/testing.ts';
import type { MiniSearch, SearchBench, SearchFigures } from './search-api.ts';

const DIMENSIONS = 384;
const MANY = 100_000;
const VERY_MANY = 1_000_000;
const BLOCK = 1000;
/** No divisor of a row, so that rows of neighbouring blocks differ. */
const SHIFT = 61;
/** Characters of a chunk where there are a hundred thousand. */
const CHUNK = 500;

/** Every measured work by its CPU time, after two tries to warm up. */
export const measureSearch: SearchBench['measureSearch'] = async (texts, rounds, cpuMs, peer) => {
  const time = async (work: () => unknown) => {
    const before = cpuMs();
    await work();
    return cpuMs() - before;
  };
  return {
    ...(await floats(rounds * 4, time)),
    ...(await int8(rounds, time)),
    ...(await words(texts, rounds, time, peer)),
    ...(await saved(texts, time)),
  };
};

type Time = (work: () => unknown) => Promise<number>;

/** Blocks of rows, each a stretch of the same numbers that begins elsewhere. */
function blocks(): (block: number) => Float32Array {
  const numbers = madeVectors(1, BLOCK * DIMENSIONS + (VERY_MANY / BLOCK) * SHIFT, 1);
  return block => numbers.subarray(block * SHIFT, block * SHIFT + BLOCK * DIMENSIONS);
}

async function floats(rounds: number, time: Time) {
  const matrix = await VectorMatrix.create(DIMENSIONS);
  const blockOf = blocks();
  const plain = new Float32Array(MANY * DIMENSIONS);
  for (let row = 0; row < MANY; row += BLOCK) {
    matrix.set(row, blockOf(row / BLOCK));
    plain.set(blockOf(row / BLOCK), row * DIMENSIONS);
  }
  const query = madeVectors(1, DIMENSIONS, 99);
  const sweep = await sweeper(MANY * DIMENSIONS * 4);
  const figures = { cosine: [] as number[], plain: [] as number[], sweep: [] as number[] };
  for (let round = -2; round < rounds; round++) {
    const times = {
      sweep: await time(sweep),
      cosine: await time(() => matrix.topK(query, 10)),
      plain: await time(() => plainTop(plain, query, 10)),
    };
    if (round < 0) continue;
    for (const name of ['cosine', 'plain', 'sweep'] as const) figures[name].push(times[name]);
  }
  return figures;
}

/** Rows with the highest products, as one writes it with care in JavaScript: four sums at once, few comparisons. */
function plainTop(rows: Float32Array, query: Float32Array, k: number): { row: number; score: number }[] {
  const best: { row: number; score: number }[] = [];
  let least = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < rows.length; at += DIMENSIONS) {
    let [a, b, c, d] = [0, 0, 0, 0];
    for (let i = 0; i < DIMENSIONS; i += 4) {
      a += (rows[at + i] as number) * (query[i] as number);
      b += (rows[at + i + 1] as number) * (query[i + 1] as number);
      c += (rows[at + i + 2] as number) * (query[i + 2] as number);
      d += (rows[at + i + 3] as number) * (query[i + 3] as number);
    }
    const score = a + b + c + d;
    if (score <= least) continue;
    best.push({ row: at / DIMENSIONS, score });
    best.sort((x, y) => y.score - x.score);
    if (best.length > k) best.pop();
    if (best.length === k) least = best[k - 1]?.score ?? least;
  }
  return best;
}

/** Reads so many bytes of memory once. */
async function sweeper(bytes: number): Promise<() => void> {
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / 65_536) });
  new Uint8Array(memory.buffer).fill(1);
  const { instance } = await WebAssembly.instantiate(sweepModule, { env: { memory } });
  const { sweep } = instance.exports as { sweep(from: number, bytes: number): number };
  return () => sweep(0, bytes);
}

async function int8(rounds: number, time: Time) {
  const matrix = await VectorMatrix.create(DIMENSIONS);
  const blockOf = blocks();
  for (let row = 0; row < VERY_MANY; row += BLOCK) matrix.set(row, blockOf(row / BLOCK));
  const query = madeVectors(1, DIMENSIONS, 99);
  const sweep = await sweeper(VERY_MANY * DIMENSIONS);
  const figures = {
    cosine8: [] as number[],
    sweep8: [] as number[],
    bytes8: matrix.bytes,
    recall8: 0,
    load8: [] as number[],
    openedBytes8: 0,
  };
  for (let round = -2; round < rounds; round++) {
    const times = { sweep8: await time(sweep), cosine8: await time(() => matrix.topK(query, 10)) };
    if (round < 0) continue;
    figures.sweep8.push(times.sweep8);
    figures.cosine8.push(times.cosine8);
  }
  figures.recall8 = await found(matrix, query);
  const pieces = await all(matrix.save());
  let opened = matrix;
  for (let round = 0; round < 3; round++) {
    figures.load8.push(
      await time(async () => {
        opened = await VectorMatrix.load(pieces);
      }),
    );
  }
  figures.openedBytes8 = opened.bytes;
  const [before, after] = [matrix.topK(query, 10), opened.topK(query, 10)];
  if (before.rows.some((row, i) => row !== after.rows[i])) throw new Error('Opened, it answers otherwise.');
  return figures;
}

/** How many of the exact ten best are among those that the matrix finds. */
async function found(matrix: VectorMatrix, query: Float32Array): Promise<number> {
  const blockOf = blocks();
  const scores = new Float64Array(VERY_MANY);
  for (let row = 0; row < VERY_MANY; row += BLOCK) {
    const block = blockOf(row / BLOCK);
    for (let i = 0; i < BLOCK; i++) {
      scores[row + i] = cosine(query, block.subarray(i * DIMENSIONS, (i + 1) * DIMENSIONS));
    }
  }
  const tenth = scores.slice().sort().at(-10) as number;
  const read = async (rows: Int32Array) => {
    const result = new Float32Array(rows.length * DIMENSIONS);
    for (const [i, row] of rows.entries()) {
      const at = (row % BLOCK) * DIMENSIONS;
      result.set(blockOf(Math.floor(row / BLOCK)).subarray(at, at + DIMENSIONS), i * DIMENSIONS);
    }
    return result;
  };
  const { rows } = await nearest(matrix, query, 10, read);
  const exact = ranked(
    rows,
    Float64Array.from(rows, row => scores[row] as number),
  );
  return exact.scores.filter(score => score >= tenth).length;
}

async function words(texts: readonly string[], rounds: number, time: Time, peer: MiniSearch | undefined) {
  const index = new KeywordIndex();
  const figures = {
    build: [
      await time(() => {
        for (const [row, text] of texts.entries()) index.set(row, text);
      }),
    ],
    query: [] as number[],
    peerBuild: [] as number[],
    peerQuery: [] as number[],
  };
  if (peer) {
    figures.peerBuild.push(await time(() => peer.addAll(texts.map((text, id) => ({ id, text })))));
  }
  const queries = madeQueries(texts);
  const prefix = (_: string, i: number, terms: string[]) => i === terms.length - 1;
  for (let round = -2; round < rounds; round++) {
    const own = await time(() => {
      for (const query of queries) index.topK(queryTerms(query, true), 10);
    });
    if (round >= 0) figures.query.push(own);
    if (!peer) continue;
    const others = await time(() => {
      for (const query of queries) peer.search(query, { prefix }).slice(0, 10);
    });
    if (round >= 0) figures.peerQuery.push(others);
  }
  return figures;
}

/** Twenty queries of three words that stand in one text. */
function madeQueries(texts: readonly string[]): string[] {
  const next = random(3);
  return Array.from({ length: 20 }, () => {
    const known = (texts[Math.floor(next() * texts.length)] ?? '')
      .split(/\W+/)
      .filter(({ length }) => length > 3);
    return Array.from({ length: 3 }, () => known[Math.floor(next() * known.length)]).join(' ');
  });
}

/** Making the indexes of 100,000 chunks out of texts and vectors that are at hand, against loading them. */
async function saved(texts: readonly string[], time: Time): Promise<Pick<SearchFigures, 'rebuild' | 'load'>> {
  const blockOf = blocks();
  const made = Array.from({ length: MANY / BLOCK }, (_, block) => blockOf(block));
  const index = new KeywordIndex();
  const matrix = await VectorMatrix.create(DIMENSIONS);
  const rebuild = await time(() => {
    for (let row = 0; row < MANY; row++) index.set(row, (texts[row % texts.length] ?? '').slice(0, CHUNK));
    for (const [i, block] of made.entries()) matrix.set(i * BLOCK, block);
  });
  const pieces = [await all(index.save()), await all(matrix.save())] as const;
  const load: number[] = [];
  for (let round = 0; round < 3; round++) {
    load.push(await time(() => Promise.all([KeywordIndex.load(pieces[0]), VectorMatrix.load(pieces[1])])));
  }
  return { rebuild: [rebuild], load };
}

async function all(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const result: Uint8Array[] = [];
  for await (const piece of pieces) result.push(piece);
  return result;
}
