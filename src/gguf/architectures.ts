import type { Sizes } from './sizes.ts';

/** A tensor that a model must have, or may; with more than one shape, each is right. */
export interface TensorRule {
  name: string;
  shapes: number[][];
  optional?: boolean;
}

/** How llama.cpp lays out a model's tensors. */
export interface Architecture {
  /** Encoders are made for embeddings; decoders serve only where the file says how they are pooled. */
  kind: 'encoder' | 'decoder';
  /** Whether llama.cpp refuses the model without tokenizer.ggml.token_type_count. */
  tokenTypes?: boolean;
  /** Tensors by their names in llama.cpp. `has` tells what the file holds, for those that come in two forms. */
  tensors(sizes: Sizes, has: (name: string) => boolean): TensorRule[];
}

/**
 * What is known to serve, by general.architecture. Names and shapes are those that llama.cpp's loaders ask for
 * (src/models/<architecture>.cpp); a file that is otherwise would abort the engine or be read past an end.
 */
export const ARCHITECTURES: ReadonlyMap<string, Architecture> = new Map([
  [
    'bert',
    {
      kind: 'encoder',
      tokenTypes: true,
      tensors: (sizes, has) => [
        ...bertEmbeddings(sizes),
        must('position_embd.weight', sizes.dimensions, sizes.context),
        ...eachLayer(sizes, block => [...bertAttention(block, sizes, has), ...bertInner(block, sizes)]),
      ],
    },
  ],
  [
    'nomic-bert',
    {
      kind: 'encoder',
      tokenTypes: true,
      tensors: (sizes, has) => [
        ...bertEmbeddings(sizes),
        ...eachLayer(sizes, block => [
          ...bertAttention(block, sizes, has),
          ...bertInner(block, sizes),
          must(`${block}.ffn_gate.weight`, sizes.dimensions, sizes.inner),
        ]),
      ],
    },
  ],
  [
    'nomic-bert-moe',
    {
      kind: 'encoder',
      tokenTypes: true,
      tensors: (sizes, has) => [
        ...bertEmbeddings(sizes),
        ...eachLayer(sizes, (block, layer) => [
          ...bertAttention(block, sizes, has),
          ...(sizes.expertsEvery > 0 && layer % sizes.expertsEvery === 1
            ? expertInner(block, sizes)
            : bertInner(block, sizes)),
        ]),
      ],
    },
  ],
  [
    'jina-bert-v2',
    {
      kind: 'encoder',
      tokenTypes: true,
      tensors: (sizes, has) => [
        ...bertEmbeddings(sizes),
        must('token_types.weight', sizes.dimensions, sizes.tokenTypes),
        ...eachLayer(sizes, block => [
          ...bertAttention(block, sizes, has),
          ...jinaInner(block, sizes),
          ...optionalNorms(block, ['attn_q_norm', 'attn_k_norm', 'attn_norm_2'], sizes),
        ]),
      ],
    },
  ],
  [
    'jina-bert-v3',
    {
      kind: 'encoder',
      tokenTypes: true,
      tensors: (sizes, has) => [
        ...bertEmbeddings(sizes),
        ...eachLayer(sizes, block => [...bertAttention(block, sizes, has), ...bertInner(block, sizes)]),
      ],
    },
  ],
  [
    'modern-bert',
    {
      kind: 'encoder',
      tensors: sizes => {
        const { dimensions, inner, vocabulary } = sizes;
        return [
          must('token_embd.weight', dimensions, vocabulary),
          must('token_embd_norm.weight', dimensions),
          must('output_norm.weight', dimensions),
          ...eachLayer(sizes, (block, layer) => [
            // The first layer's input is normalised already.
            { ...must(`${block}.attn_norm.weight`, dimensions), optional: layer === 0 },
            must(`${block}.attn_qkv.weight`, dimensions, 3 * dimensions),
            must(`${block}.attn_output.weight`, dimensions, dimensions),
            must(`${block}.ffn_norm.weight`, dimensions),
            must(`${block}.ffn_up.weight`, dimensions, 2 * inner),
            must(`${block}.ffn_down.weight`, inner, dimensions),
          ]),
        ];
      },
    },
  ],
  [
    't5encoder',
    {
      kind: 'encoder',
      tensors: sizes => [
        must('token_embd.weight', sizes.dimensions, sizes.vocabulary),
        must('enc.output_norm.weight', sizes.dimensions),
        ...eachLayer(sizes, (block, layer) => t5Layer(`enc.${block}`, layer, sizes)),
      ],
    },
  ],
  [
    'gemma-embedding',
    {
      kind: 'encoder',
      tensors: (sizes, has) =>
        decoderTensors(sizes, has, block => [
          ...headNorms(block, sizes),
          must(`${block}.post_attention_norm.weight`, sizes.dimensions),
          must(`${block}.post_ffw_norm.weight`, sizes.dimensions),
        ]),
    },
  ],
  [
    'qwen3',
    {
      kind: 'decoder',
      tensors: (sizes, has) => decoderTensors(sizes, has, block => headNorms(block, sizes)),
    },
  ],
  ['qwen2', { kind: 'decoder', tensors: decoderTensors }],
  ['llama', { kind: 'decoder', tensors: decoderTensors }],
  ['llama-embed', { kind: 'encoder', tensors: decoderTensors }],
  ['eurobert', { kind: 'encoder', tensors: decoderTensors }],
] as [string, Architecture][]);

function must(name: string, ...shape: number[]): TensorRule {
  return { name, shapes: [shape] };
}

function may(name: string, ...shape: number[]): TensorRule {
  return { name, shapes: [shape], optional: true };
}

function eachLayer({ layers }: Sizes, rules: (block: string, layer: number) => TensorRule[]): TensorRule[] {
  return Array.from({ length: layers }, (_, layer) => rules(`blk.${layer}`, layer)).flat();
}

function norm(name: string, width: number): TensorRule[] {
  return [must(`${name}.weight`, width), must(`${name}.bias`, width)];
}

function bertEmbeddings({ dimensions, vocabulary, tokenTypes }: Sizes): TensorRule[] {
  return [
    must('token_embd.weight', dimensions, vocabulary),
    may('token_types.weight', dimensions, tokenTypes),
    ...norm('token_embd_norm', dimensions),
  ];
}

/** Query, key and value in one matrix or in three, with biases or without. */
function attentionIn(block: string, sizes: Sizes, has: (name: string) => boolean): TensorRule[] {
  const { dimensions, queries, keys, values } = sizes;
  const together = `${block}.attn_qkv`;
  const parts: [string, number][] = has(`${together}.weight`)
    ? [[together, queries + keys + values]]
    : [
        [`${block}.attn_q`, queries],
        [`${block}.attn_k`, keys],
        [`${block}.attn_v`, values],
      ];
  return parts.flatMap(([name, rows]) => [
    must(`${name}.weight`, dimensions, rows),
    may(`${name}.bias`, rows),
  ]);
}

function bertAttention(block: string, sizes: Sizes, has: (name: string) => boolean): TensorRule[] {
  const { dimensions } = sizes;
  return [
    ...attentionIn(block, sizes, has),
    must(`${block}.attn_output.weight`, dimensions, dimensions),
    may(`${block}.attn_output.bias`, dimensions),
    ...norm(`${block}.attn_output_norm`, dimensions),
    ...norm(`${block}.layer_output_norm`, dimensions),
  ];
}

function bertInner(block: string, { dimensions, inner }: Sizes): TensorRule[] {
  return [
    must(`${block}.ffn_up.weight`, dimensions, inner),
    may(`${block}.ffn_up.bias`, inner),
    must(`${block}.ffn_down.weight`, inner, dimensions),
    may(`${block}.ffn_down.bias`, dimensions),
  ];
}

function expertInner(block: string, { dimensions, inner, experts }: Sizes): TensorRule[] {
  return [
    must(`${block}.ffn_gate_inp.weight`, dimensions, experts),
    must(`${block}.ffn_up_exps.weight`, dimensions, inner, experts),
    must(`${block}.ffn_down_exps.weight`, inner, dimensions, experts),
  ];
}

/** The gate is a matrix of its own, the second half of the other one, or there is none. */
function jinaInner(block: string, { dimensions, inner }: Sizes): TensorRule[] {
  return [
    {
      name: `${block}.ffn_up.weight`,
      shapes: [
        [dimensions, inner],
        [dimensions, 2 * inner],
      ],
    },
    may(`${block}.ffn_gate.weight`, dimensions, inner),
    must(`${block}.ffn_down.weight`, inner, dimensions),
    must(`${block}.ffn_down.bias`, dimensions),
  ];
}

function t5Layer(block: string, layer: number, sizes: Sizes): TensorRule[] {
  const { dimensions, inner, heads, buckets, keys, values } = sizes;
  return [
    must(`${block}.attn_norm.weight`, dimensions),
    // The first layer's positions serve all.
    { ...must(`${block}.attn_rel_b.weight`, heads, buckets), optional: layer > 0 },
    must(`${block}.attn_q.weight`, dimensions, keys),
    must(`${block}.attn_k.weight`, dimensions, keys),
    must(`${block}.attn_v.weight`, dimensions, values),
    must(`${block}.attn_o.weight`, values, dimensions),
    must(`${block}.ffn_norm.weight`, dimensions),
    may(`${block}.ffn_gate.weight`, dimensions, inner),
    must(`${block}.ffn_up.weight`, dimensions, inner),
    must(`${block}.ffn_down.weight`, inner, dimensions),
  ];
}

function optionalNorms(block: string, names: readonly string[], { dimensions }: Sizes): TensorRule[] {
  return names.flatMap(name => [
    may(`${block}.${name}.weight`, dimensions),
    may(`${block}.${name}.bias`, dimensions),
  ]);
}

function headNorms(block: string, { head }: Sizes): TensorRule[] {
  return [must(`${block}.attn_q_norm.weight`, head), must(`${block}.attn_k_norm.weight`, head)];
}

/** Of LLaMA's kind: norms before each part, a gated inner layer; `more` for what an architecture adds to a layer. */
function decoderTensors(
  sizes: Sizes,
  has: (name: string) => boolean,
  more: (block: string) => TensorRule[] = () => [],
): TensorRule[] {
  const { dimensions, inner, queries, vocabulary } = sizes;
  return [
    must('token_embd.weight', dimensions, vocabulary),
    must('output_norm.weight', dimensions),
    may('output.weight', dimensions, vocabulary),
    ...eachLayer(sizes, block => [
      must(`${block}.attn_norm.weight`, dimensions),
      ...attentionIn(block, sizes, has),
      must(`${block}.attn_output.weight`, queries, dimensions),
      must(`${block}.ffn_norm.weight`, dimensions),
      must(`${block}.ffn_gate.weight`, dimensions, inner),
      must(`${block}.ffn_up.weight`, dimensions, inner),
      must(`${block}.ffn_down.weight`, inner, dimensions),
      ...more(block),
    ]),
  ];
}
