import { unsupported } from '../../gguf/faults.ts';
import type { Layout } from './layout.ts';
import type { EncoderFile, EncoderShape } from './model.ts';
import { rotaryTable } from './rotary.ts';
import { PANEL_COLUMNS, type Stages } from './stages.ts';

/** A packed matrix: places of its panels, of a scale and a bias for each output channel. */
export interface Linear {
  depth: number;
  columns: number;
  /** Packed for matmulOfHalves; else for matmul. */
  halved: boolean;
  packed: number;
  scales: number;
  bias: number;
  /** Largest absolute whole number of its inputs. */
  most: number;
  /** The file's matrices that it is made of, one behind the other. */
  parts: readonly string[];
}

/** A layer norm: places of its gains and offsets. */
export interface Norm {
  gamma: number;
  beta: number;
  name: string;
}

export interface Layer {
  qkv: Linear;
  output: Linear;
  outputNorm: Norm;
  /** Where the shape is gated: the gate's channels, then as many of what it lets through. */
  up: Linear;
  down: Linear;
  norm: Norm;
}

/** Where an encoder's weights lie in memory. */
export interface Weights {
  /** Of each token, as the file has them. */
  tokens: { at: number; bytes: number };
  /** What is added to a token, row-major: its position's own numbers and the one type that texts have. */
  added: { at: number; rows: number };
  embeddingNorm: Norm;
  layers: Layer[];
  /** For `rotate`, of all positions of a text; 0 where positions are added. */
  rotary: number;
}

/**
 * Halves multiply by an eighth less and take three quarters more memory; the vectors are the same bits. Packed weights
 * that would take more than this stay whole.
 */
const HALVED_MOST = 320 * 2 ** 20;
/** Columns and depth must be multiples of it to be halved. */
const HALVED_STEP = 2 * PANEL_COLUMNS;

/** A row for each token, and one for each type of text. */
export const TOKENS = 'token_embd.weight';
const TYPES = 'token_types.weight';

/** The sum of products must stay below 2³¹: what inputs take of it, weights cannot have. Best where both err alike. */
const INPUT_MOST = 4095;

/** Places for all weights of an encoder that reads texts of up to `tokens` tokens. */
export function placeWeights(layout: Layout, file: EncoderFile, tokens: number): Weights {
  const { layers, width, heads, inner, context, gated, rotaryBase } = file.shape;
  const matrices = layers * width * (4 * width + (gated ? 3 : 2) * inner);
  const halves = matrices * Int16Array.BYTES_PER_ELEMENT * (7 / 4) <= HALVED_MOST;
  const linear = (parts: readonly string[], depth: number, columns: number): Linear => {
    const halved = halves && depth % HALVED_STEP === 0 && columns % HALVED_STEP === 0;
    return {
      depth,
      columns,
      halved,
      parts,
      most: INPUT_MOST,
      packed: layout.int16s(depth * columns * (halved ? 7 / 4 : 1)),
      scales: layout.floats(columns),
      bias: layout.floats(columns),
    };
  };
  const norm = (name: string): Norm => ({ name, gamma: layout.floats(width), beta: layout.floats(width) });
  // One row for each position, or the same for all where positions turn queries and keys.
  const rows = rotaryBase === undefined ? context : 1;
  const tokenBytes = file.storedBytes(TOKENS);
  return {
    tokens: { at: layout.take(tokenBytes), bytes: tokenBytes },
    added: { at: layout.floats(rows * width), rows },
    rotary: rotaryBase === undefined ? 0 : layout.floats(tokens * (width / heads)),
    embeddingNorm: norm('token_embd_norm'),
    layers: Array.from({ length: layers }, (_, n) => {
      const name = (part: string) => `blk.${n}.${part}`;
      const qkv = file.has(`${name('attn_qkv')}.weight`)
        ? [name('attn_qkv')]
        : [name('attn_q'), name('attn_k'), name('attn_v')];
      return {
        qkv: linear(qkv, width, 3 * width),
        output: linear([name('attn_output')], width, width),
        outputNorm: norm(name('attn_output_norm')),
        up: gated
          ? linear([name('ffn_gate'), name('ffn_up')], width, 2 * inner)
          : linear([name('ffn_up')], width, inner),
        down: linear([name('ffn_down')], inner, width),
        norm: norm(name('layer_output_norm')),
      };
    }),
  };
}

/** The floats of two panels, and their numbers before they are halved. */
export function stagingBytes({ width, inner }: EncoderShape): number {
  const numbers = 2 * PANEL_COLUMNS * Math.max(width, inner);
  return numbers * (Float32Array.BYTES_PER_ELEMENT + Int16Array.BYTES_PER_ELEMENT);
}

/** Reads all weights and packs them into their places. `staging`: a place of stagingBytes. */
export async function loadWeights(
  file: EncoderFile,
  weights: Weights,
  tokens: number,
  stages: Stages,
  memory: ArrayBufferLike,
  staging: number,
): Promise<void> {
  const floats = new Float32Array(memory);
  const { width, heads, rotaryBase } = file.shape;
  const loadNorm = async ({ name, gamma, beta }: Norm) => {
    floats.set(await file.values(`${name}.weight`, width), gamma / 4);
    floats.set(await file.values(`${name}.bias`, width), beta / 4);
  };
  const loadLinear = async (linear: Linear) => {
    const { parts, depth, columns, bias } = linear;
    const channels = columns / parts.length;
    const pack = packer(linear, stages, floats, staging);
    for (const [n, part] of parts.entries()) {
      pack(await file.values(`${part}.weight`, channels * depth), n * channels, part);
      if (file.has(`${part}.bias`)) {
        floats.set(await file.values(`${part}.bias`, channels), bias / 4 + n * channels);
      }
    }
  };
  await loadEmbeddings(file, weights, floats);
  if (rotaryBase !== undefined) {
    floats.set(rotaryTable(tokens, width / heads, rotaryBase), weights.rotary / 4);
  }
  await loadNorm(weights.embeddingNorm);
  for (const { qkv, output, outputNorm, up, down, norm } of weights.layers) {
    for (const linear of [qkv, output, up, down]) await loadLinear(linear);
    await loadNorm(outputNorm);
    await loadNorm(norm);
  }
}

/** Packs channels of a matrix, from channel `first` on, as many panels at a time as lie together. */
function packer(linear: Linear, stages: Stages, floats: Float32Array, staging: number) {
  const { depth, halved, packed, scales, most } = linear;
  const panels = halved ? 2 : 1;
  const step = panels * PANEL_COLUMNS;
  const whole = staging + step * depth * Float32Array.BYTES_PER_ELEMENT;
  const panelBytes = PANEL_COLUMNS * depth * Int16Array.BYTES_PER_ELEMENT;
  return (values: Float32Array, first: number, part: string) => {
    for (let channel = first, from = 0; from < values.length; channel += step, from += step * depth) {
      floats.set(values.subarray(from, from + step * depth), staging / 4);
      const place = packed + (channel / PANEL_COLUMNS) * panelBytes * (halved ? 7 / 4 : 1);
      const to = halved ? whole : place;
      for (let panel = 0; panel < panels; panel++) {
        const source = staging + panel * PANEL_COLUMNS * depth * Float32Array.BYTES_PER_ELEMENT;
        const scale = scales + (channel + panel * PANEL_COLUMNS) * Float32Array.BYTES_PER_ELEMENT;
        const sum = stages.packPanel(source, depth, most, to + panel * panelBytes, scale);
        // Else a sum might wrap around, and the vector be wrong without a sign of it.
        if (sum * most >= 2 ** 31) throw unsupported('The model', `the weights of “${part}” are too uneven`);
      }
      if (halved) stages.halvePanels(whole, depth, place);
    }
  };
}

async function loadEmbeddings(
  file: EncoderFile,
  { tokens, added }: Weights,
  floats: Float32Array,
): Promise<void> {
  const { width, rotaryBase } = file.shape;
  await file.readStored(TOKENS, new Uint8Array(floats.buffer, tokens.at, tokens.bytes));
  const rows = floats.subarray(added.at / 4, added.at / 4 + added.rows * width);
  if (rotaryBase === undefined) rows.set(await file.values('position_embd.weight', rows.length));
  if (!file.has(TYPES)) return;
  const stored = new Uint8Array(file.storedBytes(TYPES));
  await file.readStored(TYPES, stored);
  const type = new Float32Array(width);
  file.rows(TYPES, width, stored).read(0, type);
  for (let i = 0; i < rows.length; i++) rows[i] = (rows[i] as number) + (type[i % width] as number);
}
