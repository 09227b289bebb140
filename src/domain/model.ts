/** How token vectors become one: read from the GGUF, or chosen by a person. */
export type Pooling = 'mean' | 'cls' | 'last';

/** 'estimate' is for endpoints whose vocabulary nobody tells: a careful count by characters. */
export type TokenizerKind = TokenizerSpec['kind'];

/** What is put before a text, as the model's makers trained it. */
export interface Prefixes {
  document: string;
  query: string;
}

/** What is known of a model without loading it into an engine. */
export interface ModelInfo {
  /** sha256 of the GGUF, in hex; 'remote:<origin>/<name>/<hash of a probe vector>' for one behind an endpoint. */
  id: string;
  name: string;
  architecture: string;
  dimensions: number;
  /** Tokens, special ones included. */
  contextLength: number;
  layers: number;
  pooling: Pooling;
  tokenizer: TokenizerKind;
  vocabularySize: number;
  /** As people write it: Q8_0, F16, F32 … */
  quantization: string;
  bytes: number;
  license?: string;
  /** Known family, as people write it: E5, BGE, Nomic … */
  family?: string;
  /** Absent where the model was trained without any, or nobody knows. */
  prefixes?: Prefixes;
  /** Lengths that its vectors may be cut to, largest first, the whole one included; absent where only the whole is right. */
  matryoshka?: number[];
  /** Sentences for a person about what is not exactly known: an unknown pre-tokenizer, say. */
  notices?: string[];
  /** Where it is served, for a model behind an endpoint. */
  remote?: { baseUrl: string; model: string };
}

/** What a tokenizer needs, as it crosses to a worker. */
export type TokenizerSpec = WordPieceSpec | UnigramSpec | SpmBpeSpec | ByteBpeSpec | EstimateSpec;

export interface WordPieceSpec {
  kind: 'wordpiece';
  /** Index = id. Word-initial tokens bare, continuations with '##', whatever the GGUF's own marking. */
  tokens: string[];
  lowercase: boolean;
  ids: { cls: number; sep: number; unk: number; pad: number; mask: number };
}

/** What the vocabularies of SentencePiece and of byte-level BPE have in common. Index = id. */
interface PieceSpec {
  tokens: string[];
  /** GGUF's token types: 1 normal, 2 unknown, 3 control, 4 user-defined, 5 unused, 6 byte. */
  types: Uint8Array;
  /** Ids put before and after every text: the engine gets them with the text's own. */
  before: number[];
  after: number[];
  unknown?: number;
}

/** SentencePiece's Unigram: XLM-R, bge-m3, multilingual-e5, T5. */
export interface UnigramSpec extends PieceSpec {
  kind: 'unigram';
  scores: Float32Array;
  addSpacePrefix: boolean;
  removeExtraWhitespaces: boolean;
  /** SentencePiece's normalisation table, as in the model file; absent for none. */
  charsMap?: Uint8Array;
  byteFallback: boolean;
}

/** SentencePiece's BPE with byte fallback: Gemma. Merges by the scores of the pieces. */
export interface SpmBpeSpec extends PieceSpec {
  kind: 'spm-bpe';
  scores: Float32Array;
  addSpacePrefix: boolean;
}

/** Byte-level BPE: Qwen, jina v2, ModernBERT. Tokens are in GPT-2's byte alphabet. */
export interface ByteBpeSpec extends PieceSpec {
  kind: 'byte-bpe';
  /** 'left right', best first. */
  merges: string[];
  /** The GGUF's name of the pre-tokenizer (tokenizer.ggml.pre): qwen2, jina-v2-en, modern-bert … */
  preTokenizer: string;
  /** False where the pre-tokenizer is unknown: then counts are an upper bound, and the engine is given the text. */
  exact: boolean;
}

export interface EstimateSpec {
  kind: 'estimate';
}
