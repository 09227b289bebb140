import { unsupported } from '../../gguf/faults.ts';
import type { Layout } from './layout.ts';
import type { EncoderFile, EncoderShape } from './model.ts';
import { PANEL_COLUMNS, type Stages } from './stages.ts';

/** A packed matrix: places of its panels, of a scale and a bias for each output channel. */
export interface Linear {
  depth: number;
  columns: number;
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
  embeddingNorm: Norm;
  layers: Layer[];
}

/** The sum of products must stay below 2³¹: what inputs take of it, weights cannot have. Best where both err alike. */
const INPUT_MOST = 4095;

/** Places for all weights of an encoder. */
export function placeWeights(layout: Layout, file: EncoderFile): Weights {
  const { layers, width, inner, gated } = file.shape;
  const linear = (parts: readonly string[], depth: number, columns: number): Linear => ({
    depth,
    columns,
    parts,
    most: INPUT_MOST,
    packed: layout.int16s(depth * columns),
    scales: layout.floats(columns),
    bias: layout.floats(columns),
  });
  const norm = (name: string): Norm => ({ name, gamma: layout.floats(width), beta: layout.floats(width) });
  return {
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

/** Bytes that loadWeights needs to work in. */
export function stagingBytes({ width, inner }: EncoderShape): number {
  return PANEL_COLUMNS * Math.max(width, inner) * Float32Array.BYTES_PER_ELEMENT;
}

/** Reads all weights and packs them into their places. `staging`: a place of stagingBytes. */
export async function loadWeights(
  file: EncoderFile,
  { embeddingNorm, layers }: Weights,
  stages: Stages,
  memory: ArrayBuffer,
  staging: number,
): Promise<void> {
  const floats = new Float32Array(memory);
  const loadNorm = async ({ name, gamma, beta }: Norm) => {
    floats.set(await file.values(`${name}.weight`, file.shape.width), gamma / 4);
    floats.set(await file.values(`${name}.bias`, file.shape.width), beta / 4);
  };
  const loadLinear = async ({ parts, depth, columns, packed, scales, bias, most }: Linear) => {
    const panelValues = PANEL_COLUMNS * depth;
    let channel = 0;
    for (const part of parts) {
      const channels = columns / parts.length;
      const values = await file.values(`${part}.weight`, channels * depth);
      for (let from = 0; from < values.length; from += panelValues) {
        floats.set(values.subarray(from, from + panelValues), staging / 4);
        const first = channel + from / depth;
        const sum = stages.packPanel(staging, depth, most, packed + first * depth * 2, scales + first * 4);
        // Else a sum might wrap around, and the vector be wrong without a sign of it.
        if (sum * most >= 2 ** 31) throw unsupported('The model', `the weights of “${part}” are too uneven`);
      }
      if (file.has(`${part}.bias`)) {
        floats.set(await file.values(`${part}.bias`, channels), bias / 4 + channel);
      }
      channel += channels;
    }
  };
  await loadNorm(embeddingNorm);
  for (const { qkv, output, outputNorm, up, down, norm } of layers) {
    for (const linear of [qkv, output, up, down]) await loadLinear(linear);
    await loadNorm(outputNorm);
    await loadNorm(norm);
  }
}
