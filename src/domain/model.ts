/** How token vectors become one: read from the GGUF, or chosen by a person. */
export type Pooling = 'mean' | 'cls' | 'last';

/** What is known of a model without loading it into an engine. */
export interface ModelInfo {
  /** sha256 of the GGUF, in hex. */
  id: string;
  name: string;
  architecture: string;
  dimensions: number;
  /** Tokens, special ones included. */
  contextLength: number;
  layers: number;
  pooling: Pooling;
  tokenizer: 'wordpiece';
  vocabularySize: number;
  /** As people write it: Q8_0, F16, F32 … */
  quantization: string;
  bytes: number;
  license?: string;
}

/** What a tokenizer needs, as it crosses to a worker. */
export interface TokenizerSpec {
  kind: 'wordpiece';
  /** Index = id. Word-initial tokens bare, continuations with '##', whatever the GGUF's own marking. */
  tokens: string[];
  lowercase: boolean;
  ids: { cls: number; sep: number; unk: number; pad: number; mask: number };
}
