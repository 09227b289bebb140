import { type Bytes, boolean, float32, text, uint32 } from './bytes.ts';
import { assemble, type Tensor, type Weights, weights } from './tensors.ts';
import { unigram, XLM_R } from './unigram.ts';
import { wordPiece } from './wordpiece.ts';

export const SIZE = { width: 32, inner: 64, heads: 4, layers: 2, context: 512 };

/** GGUF's pooling types. */
export const MEAN = 1;
export const CLS = 2;
export const LAST = 3;

/** What every model's file says of itself. */
export function general(architecture: string, name: string, license = 'mit'): Bytes[] {
  return [
    text('general.architecture', architecture),
    text('general.type', 'model'),
    text('general.name', name),
    text('general.license', license),
  ];
}

/** Of weights in Q8_0. */
export function quantized(): Bytes[] {
  return [uint32('general.file_type', 7), uint32('general.quantization_version', 2)];
}

/** The sizes and the pooling of an encoder of BERT's kind. */
export function encoder(architecture: string, pooling: number): Bytes[] {
  return [
    uint32(`${architecture}.block_count`, SIZE.layers),
    uint32(`${architecture}.context_length`, SIZE.context),
    uint32(`${architecture}.embedding_length`, SIZE.width),
    uint32(`${architecture}.feed_forward_length`, SIZE.inner),
    uint32(`${architecture}.attention.head_count`, SIZE.heads),
    float32(`${architecture}.attention.layer_norm_epsilon`, 1e-12),
    boolean(`${architecture}.attention.causal`, false),
    uint32(`${architecture}.pooling_type`, pooling),
  ];
}

/** As all-MiniLM (mean) or bge (cls): BERT with an uncased WordPiece vocabulary. */
export function makeBert(name: string, pooling: number): Bytes {
  const { entries, size } = wordPiece();
  const metadata = [...general('bert', name), ...encoder('bert', pooling), ...quantized(), ...entries];
  return assemble(metadata, bertTensors(weights(20), size, 2));
}

/** As bge-m3 (cls) and multilingual-e5 (mean): BERT's architecture with XLM-R's Unigram vocabulary. */
export function makeXlmR(): Bytes {
  const { entries, size } = unigram(XLM_R);
  const metadata = [...general('bert', 'tiny-xlm-r'), ...encoder('bert', CLS), ...quantized(), ...entries];
  return assemble(metadata, bertTensors(weights(21), size, 1));
}

function bertTensors(make: Weights, tokens: number, tokenTypes: number): Tensor[] {
  const { width, inner, layers, context } = SIZE;
  const layer = (n: number) => [
    ...['attn_q', 'attn_k', 'attn_v', 'attn_output'].flatMap(part =>
      make.linear(`blk.${n}.${part}`, width, width),
    ),
    ...make.norm(`blk.${n}.attn_output_norm`, width),
    ...make.linear(`blk.${n}.ffn_up`, width, inner),
    ...make.linear(`blk.${n}.ffn_down`, inner, width),
    ...make.norm(`blk.${n}.layer_output_norm`, width),
  ];
  return [
    make.matrix('token_embd', width, tokens),
    make.floats('token_types.weight', [width, tokenTypes], 0),
    make.floats('position_embd.weight', [width, context], 0),
    ...make.norm('token_embd_norm', width),
    ...Array.from({ length: layers }, (_, n) => layer(n)).flat(),
  ];
}
