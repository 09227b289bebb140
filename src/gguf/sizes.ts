import type { ModelFile } from './model-file.ts';

/** More than any encoder has: what is above is a fault of the file. */
const MOST = {
  layers: 1024,
  dimensions: 1 << 16,
  context: 1 << 24,
  inner: 1 << 20,
  heads: 1 << 12,
  tokenTypes: 1 << 16,
  experts: 1 << 12,
};

/** What the shapes of a model's tensors follow from. */
export interface Sizes {
  dimensions: number;
  layers: number;
  /** Tokens of the context the model was trained on. */
  context: number;
  vocabulary: number;
  /** Width of the inner layers. */
  inner: number;
  /** Of one head's key and query. */
  head: number;
  /** Widths of all heads together. */
  queries: number;
  keys: number;
  values: number;
  heads: number;
  /** Of relative positions, in T5; 0 elsewhere. */
  buckets: number;
  /** 0 where the file gives none. */
  tokenTypes: number;
  /** Every so manieth layer has experts; 0 where none has. */
  expertsEvery: number;
  experts: number;
}

/** Reads and checks the sizes, all under the architecture's name. Throws 'model/corrupt'. */
export function readSizes(file: ModelFile, architecture: string, vocabulary: number): Sizes {
  const required = (key: string, most: number) => file.required(`${architecture}.${key}`, most);
  const optional = (key: string, most: number) => file.whole(`${architecture}.${key}`, 1, most);
  const dimensions = required('embedding_length', MOST.dimensions);
  const heads = required('attention.head_count', MOST.heads);
  const keyHeads = optional('attention.head_count_kv', MOST.heads) ?? heads;
  if (heads % keyHeads !== 0) throw file.corrupt(`${heads} heads do not share ${keyHeads} keys`);
  const given = optional('attention.key_length', MOST.dimensions);
  if (given === undefined && dimensions % heads !== 0) {
    throw file.corrupt(`${dimensions} dimensions do not divide into ${heads} heads`);
  }
  const head = given ?? dimensions / heads;
  const expertsEvery = file.whole(`${architecture}.moe_every_n_layers`, 0, MOST.layers) ?? 0;
  return {
    dimensions,
    layers: required('block_count', MOST.layers),
    context: required('context_length', MOST.context),
    vocabulary,
    inner: required('feed_forward_length', MOST.inner),
    head,
    heads,
    buckets: file.whole(`${architecture}.attention.relative_buckets_count`, 0, 1 << 16) ?? 0,
    queries: head * heads,
    keys: head * keyHeads,
    values: (optional('attention.value_length', MOST.dimensions) ?? head) * keyHeads,
    tokenTypes: file.whole('tokenizer.ggml.token_type_count', 0, MOST.tokenTypes) ?? 0,
    expertsEvery,
    experts: expertsEvery > 0 ? required('expert_count', MOST.experts) : 0,
  };
}
