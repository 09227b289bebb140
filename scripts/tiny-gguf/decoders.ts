import { general, LAST, MEAN, quantized, SIZE } from './bert.ts';
import { byteBpe, QWEN } from './byte-bpe.ts';
import { type Bytes, float32, uint32 } from './bytes.ts';
import { spmBpe } from './spm-bpe.ts';
import { assemble, type Tensor, type Weights, weights } from './tensors.ts';

const { width, inner, heads, context } = SIZE;
/** Heads are wider than width / heads, and keys are shared by several, as in the real ones. */
const HEAD = 16;
const KEY_HEADS = 2;
/** Every sixth layer attends to the whole text, the others to a window; llama.cpp aborts where one kind is missing. */
const GEMMA_LAYERS = 6;

/** As embeddinggemma: attention both ways, norms before and behind each part, mean pooling. */
export function makeGemmaEmbedding(): Bytes {
  const { entries, size } = spmBpe();
  const make = weights(40);
  const tensors = blocks(make, size, GEMMA_LAYERS, block => [
    make.scale(`${block}.post_attention_norm`, width),
    make.scale(`${block}.post_ffw_norm`, width),
  ]);
  const metadata = [
    ...general('gemma-embedding', 'tiny-gemma-embedding', 'gemma'),
    ...decoder('gemma-embedding', GEMMA_LAYERS, MEAN),
    uint32('gemma-embedding.attention.sliding_window', 257),
    ...quantized(),
    ...entries,
  ];
  return assemble(metadata, tensors);
}

/** As Qwen3-Embedding: a decoder whose last token's state is the vector. */
export function makeQwen3(): Bytes {
  const { entries, size } = byteBpe(QWEN);
  const metadata = [
    ...general('qwen3', 'tiny-qwen3-embedding', 'apache-2.0'),
    ...decoder('qwen3', SIZE.layers, LAST),
    ...quantized(),
    ...entries,
  ];
  return assemble(metadata, blocks(weights(41), size, SIZE.layers));
}

function decoder(architecture: string, layers: number, pooling: number): Bytes[] {
  return [
    uint32(`${architecture}.block_count`, layers),
    uint32(`${architecture}.context_length`, context),
    uint32(`${architecture}.embedding_length`, width),
    uint32(`${architecture}.feed_forward_length`, inner),
    uint32(`${architecture}.attention.head_count`, heads),
    uint32(`${architecture}.attention.head_count_kv`, KEY_HEADS),
    uint32(`${architecture}.attention.key_length`, HEAD),
    uint32(`${architecture}.attention.value_length`, HEAD),
    float32(`${architecture}.attention.layer_norm_rms_epsilon`, 1e-6),
    float32(`${architecture}.rope.freq_base`, 1_000_000),
    uint32(`${architecture}.pooling_type`, pooling),
  ];
}

function blocks(
  make: Weights,
  tokens: number,
  layers: number,
  more: (block: string) => Tensor[] = () => [],
): Tensor[] {
  const layer = (block: string) => [
    make.scale(`${block}.attn_norm`, width),
    make.matrix(`${block}.attn_q`, width, heads * HEAD),
    make.matrix(`${block}.attn_k`, width, KEY_HEADS * HEAD),
    make.matrix(`${block}.attn_v`, width, KEY_HEADS * HEAD),
    make.scale(`${block}.attn_q_norm`, HEAD),
    make.scale(`${block}.attn_k_norm`, HEAD),
    make.matrix(`${block}.attn_output`, heads * HEAD, width),
    make.scale(`${block}.ffn_norm`, width),
    make.matrix(`${block}.ffn_gate`, width, inner),
    make.matrix(`${block}.ffn_up`, width, inner),
    make.matrix(`${block}.ffn_down`, inner, width),
    ...more(block),
  ];
  return [
    make.matrix('token_embd', width, tokens),
    make.scale('output_norm', width),
    ...Array.from({ length: layers }, (_, n) => layer(`blk.${n}`)).flat(),
  ];
}
