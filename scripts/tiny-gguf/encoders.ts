import { CLS, encoder, general, MEAN, quantized, SIZE } from './bert.ts';
import { byteBpe, JINA, MODERN_BERT } from './byte-bpe.ts';
import { type Bytes, boolean, float32, uint32 } from './bytes.ts';
import { assemble, type Tensor, weights } from './tensors.ts';
import { T5, unigram, XLM_R } from './unigram.ts';
import { wordPiece } from './wordpiece.ts';

const { width, inner, heads, layers, context } = SIZE;

/** As nomic-embed-text v1.5: rotary positions, a gated inner layer, one matrix for query, key and value, no biases. */
export function makeNomicBert(): Bytes {
  const { entries, size } = wordPiece();
  const make = weights(30);
  const tensors: Tensor[] = [
    make.matrix('token_embd', width, size),
    make.floats('token_types.weight', [width, 2], 0),
    ...make.norm('token_embd_norm', width),
  ];
  for (let n = 0; n < layers; n++) {
    const block = `blk.${n}`;
    tensors.push(
      make.matrix(`${block}.attn_qkv`, width, width * 3),
      make.matrix(`${block}.attn_output`, width, width),
      ...make.norm(`${block}.attn_output_norm`, width),
      make.matrix(`${block}.ffn_up`, width, inner),
      make.matrix(`${block}.ffn_gate`, width, inner),
      make.matrix(`${block}.ffn_down`, inner, width),
      ...make.norm(`${block}.layer_output_norm`, width),
    );
  }
  const metadata = [
    ...general('nomic-bert', 'tiny-nomic-bert', 'apache-2.0'),
    ...encoder('nomic-bert', MEAN),
    float32('nomic-bert.rope.freq_base', 1000),
    ...quantized(),
    ...entries,
  ];
  return assemble(metadata, tensors);
}

/** As nomic-embed-text v2: rotary positions, every second layer with experts, XLM-R's Unigram vocabulary. */
export function makeNomicBertMoe(): Bytes {
  const { entries, size } = unigram(XLM_R);
  const make = weights(33);
  const experts = 4;
  const tensors: Tensor[] = [
    make.matrix('token_embd', width, size),
    make.floats('token_types.weight', [width, 1], 0),
    ...make.norm('token_embd_norm', width),
  ];
  for (let n = 0; n < layers; n++) {
    const block = `blk.${n}`;
    tensors.push(
      ...make.linear(`${block}.attn_qkv`, width, width * 3),
      ...make.linear(`${block}.attn_output`, width, width),
      ...make.norm(`${block}.attn_output_norm`, width),
      ...(n % 2 === 1
        ? [
            make.floats(`${block}.ffn_gate_inp.weight`, [width, experts], 0),
            make.matrix(`${block}.ffn_up_exps`, width, inner, experts),
            make.matrix(`${block}.ffn_down_exps`, inner, width, experts),
          ]
        : [
            ...make.linear(`${block}.ffn_up`, width, inner),
            ...make.linear(`${block}.ffn_down`, inner, width),
          ]),
      ...make.norm(`${block}.layer_output_norm`, width),
    );
  }
  const metadata = [
    ...general('nomic-bert-moe', 'tiny-nomic-bert-moe', 'apache-2.0'),
    ...encoder('nomic-bert-moe', MEAN),
    float32('nomic-bert-moe.rope.freq_base', 10_000),
    uint32('nomic-bert-moe.moe_every_n_layers', 2),
    uint32('nomic-bert-moe.expert_count', experts),
    uint32('nomic-bert-moe.expert_used_count', 2),
    ...quantized(),
    ...entries,
  ];
  return assemble(metadata, tensors);
}

/** As jina-embeddings-v2 in German or Spanish: ALiBi instead of positions, a gated inner layer, byte-level BPE. */
export function makeJinaBert(): Bytes {
  const { entries, size } = byteBpe(JINA);
  const make = weights(31);
  const tensors: Tensor[] = [
    make.matrix('token_embd', width, size),
    make.floats('token_types.weight', [width, 2], 0),
    ...make.norm('token_embd_norm', width),
  ];
  for (let n = 0; n < layers; n++) {
    const block = `blk.${n}`;
    tensors.push(
      ...['attn_q', 'attn_k', 'attn_v', 'attn_output'].flatMap(part =>
        make.linear(`${block}.${part}`, width, width),
      ),
      ...make.norm(`${block}.attn_q_norm`, width),
      ...make.norm(`${block}.attn_k_norm`, width),
      ...make.norm(`${block}.attn_output_norm`, width),
      make.matrix(`${block}.ffn_up`, width, inner),
      make.matrix(`${block}.ffn_gate`, width, inner),
      ...make.linear(`${block}.ffn_down`, inner, width),
      ...make.norm(`${block}.layer_output_norm`, width),
    );
  }
  const metadata = [
    ...general('jina-bert-v2', 'tiny-jina-bert-v2', 'apache-2.0'),
    ...encoder('jina-bert-v2', MEAN),
    ...quantized(),
    ...entries,
  ];
  return assemble(metadata, tensors);
}

/** As gte-modernbert: three layers, every third with attention over the whole text, the others over a window. */
export function makeModernBert(): Bytes {
  const { entries, size } = byteBpe(MODERN_BERT);
  const make = weights(32);
  const depth = 3;
  const tensors: Tensor[] = [
    make.matrix('token_embd', width, size),
    make.scale('token_embd_norm', width),
    make.scale('output_norm', width),
  ];
  for (let n = 0; n < depth; n++) {
    const block = `blk.${n}`;
    tensors.push(
      // The first layer's input is normalised already.
      ...(n > 0 ? [make.scale(`${block}.attn_norm`, width)] : []),
      make.matrix(`${block}.attn_qkv`, width, width * 3),
      make.matrix(`${block}.attn_output`, width, width),
      make.matrix(`${block}.ffn_up`, width, inner * 2),
      make.matrix(`${block}.ffn_down`, inner, width),
      make.scale(`${block}.ffn_norm`, width),
    );
  }
  const metadata = [
    ...general('modern-bert', 'tiny-modern-bert', 'apache-2.0'),
    uint32('modern-bert.block_count', depth),
    uint32('modern-bert.context_length', context),
    uint32('modern-bert.embedding_length', width),
    uint32('modern-bert.feed_forward_length', inner),
    uint32('modern-bert.attention.head_count', heads),
    float32('modern-bert.attention.layer_norm_epsilon', 1e-5),
    boolean('modern-bert.attention.causal', false),
    uint32('modern-bert.attention.sliding_window', 128),
    float32('modern-bert.rope.freq_base', 160_000),
    float32('modern-bert.rope.freq_base_swa', 10_000),
    uint32('modern-bert.pooling_type', CLS),
    ...quantized(),
    ...entries,
  ];
  return assemble(metadata, tensors);
}

/** As sentence-t5: the encoder of a T5, with positions as a bias that its first layer holds. */
export function makeT5Encoder(): Bytes {
  const { entries, size } = unigram(T5);
  const make = weights(34);
  const buckets = 32;
  const tensors: Tensor[] = [make.matrix('token_embd', width, size), make.scale('enc.output_norm', width)];
  for (let n = 0; n < layers; n++) {
    const block = `enc.blk.${n}`;
    tensors.push(
      make.scale(`${block}.attn_norm`, width),
      ...(n === 0 ? [make.floats(`${block}.attn_rel_b.weight`, [heads, buckets], 0)] : []),
      ...['attn_q', 'attn_k', 'attn_v', 'attn_o'].map(part => make.matrix(`${block}.${part}`, width, width)),
      make.scale(`${block}.ffn_norm`, width),
      make.matrix(`${block}.ffn_gate`, width, inner),
      make.matrix(`${block}.ffn_up`, width, inner),
      make.matrix(`${block}.ffn_down`, inner, width),
    );
  }
  const metadata = [
    ...general('t5encoder', 'tiny-t5-encoder', 'apache-2.0'),
    ...encoder('t5encoder', MEAN),
    float32('t5encoder.attention.layer_norm_rms_epsilon', 1e-6),
    uint32('t5encoder.attention.key_length', width / heads),
    uint32('t5encoder.attention.value_length', width / heads),
    uint32('t5encoder.attention.relative_buckets_count', buckets),
    ...quantized(),
    ...entries,
  ];
  return assemble(metadata, tensors);
}
