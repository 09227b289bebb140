import { beforeAll, describe, expect, test } from 'vitest';
import { rotaryTable } from './rotary.ts';
import { PANEL_COLUMNS, type Stages, startStages, TILE_ROWS } from './stages.ts';

/** Every stage against plain float64; the bounds are what rounding to so many whole numbers can cost. */

const MOST = 4095;
const EPSILON = 1e-12;
/** Places in the stages' memory, in bytes. */
const [A, B, C, D, E, F, G, H, I, J, K, L] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].map(
  n => n << 20,
) as Twelve;

type Twelve = [...Six, ...Six];
type Six = [number, number, number, number, number, number];

let stages: Stages;
let floats: Float32Array;
let memory: ArrayBuffer;

beforeAll(async () => {
  const started = await startStages(16 << 20);
  ({ stages } = started);
  memory = started.memory.buffer;
  floats = new Float32Array(memory);
});

/** mulberry32, so that a failure can be had again. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

function normals(count: number, seed: number, size = 1): Float32Array {
  const next = random(seed);
  return Float32Array.from(
    { length: count },
    () => size * Math.sqrt(-2 * Math.log(next() + 1e-12)) * Math.cos(2 * Math.PI * next()),
  );
}

/** Rows that are hard on a stage, besides those from a bell. */
const KINDS: [string, (count: number, seed: number) => Float32Array][] = [
  ['of a bell', normals],
  ['large', (count, seed) => normals(count, seed, 1e4)],
  ['tiny', (count, seed) => normals(count, seed, 1e-6)],
  ['with one that stands out', (count, seed) => normals(count, seed).with(count >> 1, 40)],
  ['all equal', count => new Float32Array(count).fill(0.7)],
  ['on a large mean', (count, seed) => normals(count, seed).map(value => value + 1000)],
  ['zero', count => new Float32Array(count)],
];

function put(at: number, values: Float32Array): void {
  floats.set(values, at / 4);
}

function get(at: number, count: number): Float32Array {
  return floats.slice(at / 4, at / 4 + count);
}

/** A packed row of `depth` int16, and what one is worth. */
function unpacked(packed: number, scales: number, row: number, depth: number): number[] {
  const whole = new Int16Array(memory);
  const scale = floats[scales / 4 + row] as number;
  const tile = packed / 2 + Math.floor(row / TILE_ROWS) * depth * TILE_ROWS;
  return Array.from(
    { length: depth },
    (_, k) => (whole[tile + (k >> 1) * 2 * TILE_ROWS + (row % TILE_ROWS) * 2 + (k & 1)] as number) * scale,
  );
}

function peak(values: ArrayLike<number>): number {
  return Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

function worst(found: ArrayLike<number>, exact: ArrayLike<number>): number {
  return peak(Array.from(exact, (value, i) => value - (found[i] ?? Number.NaN)));
}

/** Packs `columns` rows of `depth` weights as loadWeights does. */
function packWeights(
  weights: Float32Array,
  columns: number,
  depth: number,
  packed: number,
  scales: number,
): void {
  for (let column = 0; column < columns; column += PANEL_COLUMNS) {
    put(L, weights.subarray(column * depth, (column + PANEL_COLUMNS) * depth));
    const sum = stages.packPanel(L, depth, MOST, packed + column * depth * 2, scales + column * 4);
    expect(sum * MOST).toBeLessThan(2 ** 31);
  }
}

describe('rows to whole numbers', () => {
  test.each(KINDS)('%s: within half of one', (_, make) => {
    const [rows, depth] = [7, 40];
    const values = make(rows * depth, 1);
    put(A, values);
    stages.quantize(A, rows, depth, MOST, B, C);
    for (let row = 0; row < rows; row++) {
      const exact = values.subarray(row * depth, (row + 1) * depth);
      expect(worst(unpacked(B, C, row, depth), exact)).toBeLessThanOrEqual((peak(exact) / MOST) * 0.501);
    }
  });
});

describe('matrix product', () => {
  test.each([
    [1, 8, 8],
    [6, 16, 32],
    [13, 384, 24],
    [7, 1536, 16],
    [5, 4096, 8],
  ])('%i rows × %i deep × %i columns', (rows, depth, columns) => {
    for (const [, make] of KINDS) {
      const [a, w, bias] = [make(rows * depth, 2), normals(columns * depth, 3, 0.05), normals(columns, 4)];
      // Channels that tempt the sum over 2³¹, and one that rounds to nothing else than itself.
      w.fill(0.05, 0, depth);
      w.fill(0, depth, 2 * depth);
      w[depth] = 1;
      put(A, a);
      stages.quantize(A, rows, depth, MOST, B, C);
      packWeights(w, columns, depth, D, E);
      put(F, bias);
      stages.matmul(B, C, D, E, F, G, columns * 4, rows, columns, depth);
      for (let row = 0; row < rows; row++) {
        const input = a.subarray(row * depth, (row + 1) * depth);
        const found = get(G + row * columns * 4, columns);
        for (let column = 0; column < columns; column++) {
          const channel = w.subarray(column * depth, (column + 1) * depth);
          let [exact, inputs, weights] = [bias[column] as number, 0, 0];
          for (let k = 0; k < depth; k++) {
            exact += (input[k] as number) * (channel[k] as number);
            inputs += Math.abs(input[k] as number);
            weights += Math.abs(channel[k] as number);
          }
          // Half of one on either side, at the most, and floats at the end.
          const one = floats[E / 4 + column] as number;
          const step = peak(input) / MOST;
          const bound =
            0.51 * (step * weights + one * inputs + step * one * depth) + 1e-5 * Math.abs(exact) + 1e-6;
          expect(Math.abs((found[column] as number) - exact)).toBeLessThanOrEqual(bound);
        }
      }
    }
  });
});

describe('matrix product of halves', () => {
  // 13 rows of 8 together: the last have none below them; 3 and 4 have none at all.
  test.each([
    [1, 16, 16],
    [3, 48, 32],
    [8, 32, 16],
    [13, 384, 32],
    [20, 1536, 16],
  ])('%i rows × %i deep × %i columns: the same bits as of the whole', (rows, depth, columns) => {
    for (const [name, make] of KINDS) {
      const [a, w, bias] = [make(rows * depth, 2), make(columns * depth, 3), normals(columns, 4)];
      // Sums of four of these would leave 16 bits if they were any larger, and their products 31.
      if (name === 'all equal') w.set(w.subarray(0, 4 * depth).fill(-0.7), 4 * depth);
      put(A, a);
      stages.quantize(A, rows, depth, MOST, B, C);
      packWeights(w, columns, depth, D, E);
      put(F, bias);
      stages.matmul(B, C, D, E, F, G, columns * 4, rows, columns, depth);
      stages.sumHalves(B, rows, depth, H);
      const panelBytes = 2 * PANEL_COLUMNS * depth * 2;
      for (let pair = 0; pair < columns / (2 * PANEL_COLUMNS); pair++) {
        stages.halvePanels(D + pair * panelBytes, depth, I + (pair * panelBytes * 7) / 4);
      }
      put(J, new Float32Array((rows + TILE_ROWS) * columns).fill(9));
      stages.matmulOfHalves(B, C, H, I, E, F, J, columns * 4, rows, columns, depth, K);
      expect(get(J, rows * columns)).toEqual(get(G, rows * columns));
      expect(peak(get(J, rows * columns))).toBeGreaterThan(0);
      const behind = Math.ceil(rows / TILE_ROWS) * TILE_ROWS * columns;
      expect(get(J + behind * 4, columns)).toEqual(new Float32Array(columns).fill(9));
    }
  });
});

describe('layer norm', () => {
  test.each(KINDS)('%s', (name, make) => {
    const [rows, width] = [8, 384];
    const [x, y] = [make(rows * width, 5), make(rows * width, 6)];
    const [gamma, beta] = [normals(width, 7), normals(width, 8)];
    for (const [at, values] of [
      [A, x],
      [B, y],
      [C, gamma],
      [D, beta],
    ] as const)
      put(at, values);
    stages.addNorm(A, B, C, D, EPSILON, rows, width, MOST, E, F);
    for (let row = 0; row < rows; row++) {
      const sums = Array.from(
        { length: width },
        (_, i) => (x[row * width + i] as number) + (y[row * width + i] as number),
      );
      const mean = sums.reduce((a, b) => a + b) / width;
      const variance = sums.reduce((a, b) => a + (b - mean) ** 2, 0) / width;
      const exact = sums.map(
        (sum, i) =>
          ((sum - mean) / Math.sqrt(variance + EPSILON)) * (gamma[i] as number) + (beta[i] as number),
      );
      const found = get(A + row * width * 4, width);
      // Numbers on a large mean come in with that many bits fewer; equal ones have no variance to divide by.
      const lost =
        name === 'all equal' ? peak(gamma) : (2 ** -23 * peak(sums)) / Math.sqrt(variance + EPSILON);
      expect(worst(found, exact)).toBeLessThanOrEqual(4 * lost * peak(gamma) + 1e-5);
      expect(worst(unpacked(E, F, row, width), found)).toBeLessThanOrEqual((peak(found) / MOST) * 0.501);
    }
  });
});

describe('GELU', () => {
  /** erf by its series, which is exact enough in float64 up to 5. */
  function erf(z: number): number {
    if (Math.abs(z) > 5) return Math.sign(z);
    let [sum, term] = [z, z];
    for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
      term *= (-z * z) / n;
      sum += term / (2 * n + 1);
    }
    return (2 / Math.sqrt(Math.PI)) * sum;
  }

  test('within 1e-5 wherever it bends, and to the last bits where it is straight', () => {
    const values = Float32Array.from({ length: 16_000 }, (_, i) => (i - 8000) / 1000);
    put(A, values);
    stages.gelu(A, 20, 800, MOST, B, C);
    const exact = Array.from(values, x => (x / 2) * (1 + erf(x / Math.SQRT2)));
    expect(worst(get(A, values.length), exact)).toBeLessThan(1e-5);
    put(A, Float32Array.of(1e-20, -1e-20, 0, 10, 1000, 1e6, -10, -1000));
    stages.gelu(A, 1, 8, MOST, B, C);
    const straight = [5e-21, -5e-21, 0, 10, 1000, 1e6, 0, 0];
    for (const [i, value] of get(A, 8).entries()) {
      expect(Math.abs(value - (straight[i] as number))).toBeLessThanOrEqual(
        2e-7 * Math.abs([1e-20, -1e-20, 0, 10, 1000, 1e6, -10, -1000][i] as number),
      );
    }
  });
});

describe('SwiGLU', () => {
  test('within 1e-5 of itself wherever the gate bends, nothing where it is shut, and packed for the next product', () => {
    const [rows, width] = [20, 800];
    const x = new Float32Array(2 * rows * width);
    const up = normals(rows * width, 13);
    // Gates from -120, shut, to 120, where e^120 is past a float.
    const gateOf = (i: number) => Math.fround((i - 8000) / (i % 2 ? 66 : 1000));
    for (let i = 0; i < rows * width; i++) {
      const at = Math.floor(i / width) * 2 * width + (i % width);
      x[at] = gateOf(i);
      x[at + width] = up[i] as number;
    }
    put(A, x);
    stages.swiglu(A, rows, width, MOST, B, C);
    for (let row = 0; row < rows; row++) {
      const found = get(A + row * 2 * width * 4, width);
      for (const [column, value] of found.entries()) {
        const i = row * width + column;
        const exact = (gateOf(i) / (1 + Math.exp(-gateOf(i)))) * (up[i] as number);
        expect(Math.abs(value - exact)).toBeLessThanOrEqual(1e-5 * Math.abs(exact) + 1e-34);
      }
      expect(worst(unpacked(B, C, row, width), found)).toBeLessThanOrEqual((peak(found) / MOST) * 0.501);
    }
  });
});

describe('rotary positions', () => {
  test.each([
    [8, 10_000],
    [64, 1000],
    [128, 1],
  ])(
    'the table of heads of %i numbers, base %i: within a float’s rounding, to the last position',
    (width, base) => {
      const positions = 2048;
      const table = rotaryTable(positions, width, base);
      const exact = Array.from({ length: positions * width }, (_, at) => {
        const i = at % (width / 2);
        const angle = Math.floor(at / width) * base ** ((-2 * i) / width);
        return at % width < width / 2 ? Math.cos(angle) : Math.sin(angle);
      });
      expect(worst(table, exact)).toBeLessThan(1e-7);
    },
  );

  test('heads are turned by their token’s angles; what lies behind them in a row stays', () => {
    const [rows, heads, width, base] = [9, 3, 16, 1000];
    const stride = heads * width + 8;
    const values = normals(rows * stride, 14);
    put(A, values);
    put(B, rotaryTable(rows, width, base));
    stages.rotate(A, stride * 4, rows, heads, width, B);
    const exact = Float64Array.from(values);
    for (let row = 0; row < rows; row++) {
      for (let head = 0; head < heads; head++) {
        for (let i = 0; i < width / 2; i++) {
          const left = row * stride + head * width + i;
          const [a, b] = [values[left] as number, values[left + width / 2] as number];
          const angle = row * base ** ((-2 * i) / width);
          exact[left] = a * Math.cos(angle) - b * Math.sin(angle);
          exact[left + width / 2] = a * Math.sin(angle) + b * Math.cos(angle);
        }
      }
    }
    expect(worst(get(A, values.length), exact)).toBeLessThan(2e-6);
  });
});

describe('attention', () => {
  test.each(
    [1, 2, 7, 8, 33, 200].flatMap(tokens => KINDS.map(([name, make]) => [tokens, name, make] as const)),
  )('%i tokens, %s', (tokens, name, make) => {
    const width = 32;
    const [q, k, v] = [make(tokens * width, 9), make(tokens * width, 10), normals(tokens * width, 11)];
    const stride = 3 * width;
    const rows = new Float32Array((tokens + TILE_ROWS) * stride);
    for (let token = 0; token < tokens; token++) {
      for (const [part, from] of [q, k, v].entries()) {
        rows.set(from.subarray(token * width, (token + 1) * width), token * stride + part * width);
      }
    }
    put(A, rows);
    put(I, new Float32Array(width));
    const bytes = width * 4;
    stages.packHead(A + bytes, A + 2 * bytes, stride * 4, tokens, width, MOST, B, C, D, E, F);
    stages.attend(
      A,
      stride * 4,
      tokens,
      width,
      0,
      tokens,
      1 / Math.sqrt(width),
      MOST,
      B,
      C,
      D,
      E,
      F,
      I,
      H,
      G,
      bytes,
    );
    for (let token = 0; token < tokens; token++) {
      const query = q.subarray(token * width, (token + 1) * width);
      const scores = Array.from({ length: tokens }, (_, other) => {
        const key = k.subarray(other * width, (other + 1) * width);
        return query.reduce((sum, value, i) => sum + value * (key[i] as number), 0) / Math.sqrt(width);
      });
      const top = Math.max(...scores);
      const weights = scores.map(score => Math.exp(score - top));
      const sum = weights.reduce((a, b) => a + b);
      const exact = Array.from({ length: width }, (_, i) =>
        weights.reduce((a, weight, other) => a + (weight / sum) * (v[other * width + i] as number), 0),
      );
      const found = get(G + token * bytes, width);
      expect(found.every(Number.isFinite)).toBe(true);
      // Scores in the millions are apart by more than their rounding, or equal: then which key is read may differ.
      if (name === 'large' || name === 'on a large mean') continue;
      expect(worst(found, exact)).toBeLessThan(0.02 * peak(v));
    }
  });

  test('the weights of equal scores are equal, and what is behind a text has none', () => {
    const [tokens, width] = [5, 8];
    const rows = new Float32Array(40 * width).fill(1);
    put(A, rows);
    put(I, new Float32Array(width));
    const values = Float32Array.from({ length: tokens * width }, (_, i) => Math.floor(i / width));
    put(J, values);
    put(J + tokens * width * 4, new Float32Array(width * 8).fill(1e6));
    put(K, rows);
    stages.packHead(A, J, width * 4, tokens, width, MOST, B, C, D, E, F);
    stages.attend(K, width * 4, tokens, width, 0, tokens, 1, MOST, B, C, D, E, F, I, H, G, width * 4);
    expect(worst(get(G, width), new Array(width).fill(2))).toBeLessThan(1e-3);
  });
});

test('the mean of rows', () => {
  const values = normals(9 * 16, 12);
  put(A, values);
  stages.meanRow(A, 9, 16, B);
  const exact = Array.from({ length: 16 }, (_, i) => {
    let sum = 0;
    for (let row = 0; row < 9; row++) sum += values[row * 16 + i] as number;
    return sum / 9;
  });
  expect(worst(get(B, 16), exact)).toBeLessThan(1e-6);
});
