import type { ModelInfo } from '../domain/model.ts';

/** The model that comes with the page, in public/models/. Known without fetching it: the page opens at once. */
export const BUILT_IN_FILE = 'all-MiniLM-L6-v2-Q8_0.gguf';

export const builtIn: ModelInfo = {
  id: '87e8ad29d4c1ac06e8bfdaa66b3b893d4cda9c3c8d6d55d3d050b1c2c5387dc9',
  name: 'all-MiniLM-L6-v2',
  architecture: 'bert',
  dimensions: 384,
  contextLength: 512,
  layers: 6,
  pooling: 'mean',
  tokenizer: 'wordpiece',
  vocabularySize: 30522,
  quantization: 'Q8_0',
  bytes: 25_282_304,
  license: 'apache-2.0',
  family: 'all-MiniLM',
};
