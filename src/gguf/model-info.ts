import type { ModelInfo, Pooling, WordPieceSpec } from '../domain/model.ts';
import { quoted } from './metadata.ts';
import { ModelFile } from './model-file.ts';
import { type Gguf, readGguf } from './read.ts';
import { FILE_TYPES } from './tensor-types.ts';
import { readWordPiece } from './vocabulary.ts';

/** GGUF's pooling types; 0 is none given, and then the mean is what sentence encoders use. */
const POOLING: ReadonlyMap<number, Pooling> = new Map([
  [0, 'mean'],
  [1, 'mean'],
  [2, 'cls'],
  [3, 'last'],
]);
const RANKING = 4;

/** More than any encoder has: what is above is a fault of the file. */
const MOST = { layers: 1024, dimensions: 1 << 16, context: 1 << 24 };

/**
 * What a GGUF embedding model is, and its vocabulary. `fileName` is for messages, and is the name where the file
 * holds none; `id` is its sha256. Throws 'model/corrupt', or 'model/unsupported' for all but BERT with WordPiece.
 */
export async function readModel(
  blob: Blob,
  fileName: string,
  id: string,
): Promise<{ info: ModelInfo; tokenizer: WordPieceSpec }> {
  const gguf = await readGguf(blob, fileName);
  const file = new ModelFile(gguf, fileName);
  const architecture = file.text('general.architecture');
  if (architecture !== 'bert') {
    throw file.unsupported(
      `its architecture ${quoted(architecture ?? 'none')} is not BERT, the only one so far`,
    );
  }
  const vocabulary = file.text('tokenizer.ggml.model');
  if (vocabulary !== 'bert') {
    throw file.unsupported(
      `its tokenizer ${quoted(vocabulary ?? 'none')} is not WordPiece, the only one so far`,
    );
  }
  const poolingType = file.whole('bert.pooling_type', 0, 255) ?? 0;
  const pooling = POOLING.get(poolingType);
  if (poolingType === RANKING) throw file.unsupported('it is a reranker, which gives scores and no vectors');
  if (pooling === undefined) throw file.unsupported(`its pooling type ${poolingType} is unknown`);
  const tokenizer = readWordPiece(file);
  const license = file.text('general.license');
  const info: ModelInfo = {
    id,
    name: file.text('general.name') || fileName.replace(/\.gguf$/i, ''),
    architecture,
    dimensions: file.required('bert.embedding_length', MOST.dimensions),
    contextLength: file.required('bert.context_length', MOST.context),
    layers: file.required('bert.block_count', MOST.layers),
    pooling,
    tokenizer: tokenizer.kind,
    vocabularySize: tokenizer.tokens.length,
    quantization: quantization(gguf, file),
    bytes: blob.size,
    ...(license ? { license } : {}),
  };
  checkTensors(gguf, file, info);
  return { info, tokenizer };
}

/** The file's own word for it, else the type that takes the most bytes. */
function quantization(gguf: Gguf, file: ModelFile): string {
  const fileType = file.value('general.file_type');
  const named = typeof fileType === 'number' ? FILE_TYPES.get(fileType) : undefined;
  if (named !== undefined) return named;
  const bytes = new Map<string, number>();
  for (const { type, bytes: more } of gguf.tensors) bytes.set(type.name, (bytes.get(type.name) ?? 0) + more);
  return [...bytes].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 'F32';
}

/** Shapes that an engine would otherwise find out about by reading past an end. */
function checkTensors(gguf: Gguf, file: ModelFile, info: ModelInfo): void {
  const { dimensions, layers, contextLength, vocabularySize } = info;
  const inner = file.required('bert.feed_forward_length', 1 << 20);
  const heads = file.required('bert.attention.head_count', 1 << 12);
  if (dimensions % heads !== 0)
    throw file.corrupt(`${dimensions} dimensions do not divide into ${heads} heads`);
  const shapes = new Map(gguf.tensors.map(tensor => [tensor.name, tensor.shape]));
  const expect = (name: string, ...shape: number[]) => {
    const found = shapes.get(name);
    if (found === undefined) throw file.corrupt(`tensor ${quoted(name)} is missing`);
    if (found.join() !== shape.join()) {
      throw file.corrupt(`tensor ${quoted(name)} is ${found.join(' × ')} where ${shape.join(' × ')} is due`);
    }
  };
  expect('token_embd.weight', dimensions, vocabularySize);
  expect('token_embd_norm.weight', dimensions);
  expect('token_embd_norm.bias', dimensions);
  const positions = shapes.get('position_embd.weight');
  if (positions?.[0] !== dimensions || (positions[1] ?? 0) < contextLength) {
    throw file.corrupt(`it has no position embeddings for its ${contextLength} tokens of context`);
  }
  for (let layer = 0; layer < layers; layer++) {
    const block = `blk.${layer}`;
    if (shapes.has(`${block}.attn_qkv.weight`))
      expect(`${block}.attn_qkv.weight`, dimensions, dimensions * 3);
    else for (const part of 'qkv') expect(`${block}.attn_${part}.weight`, dimensions, dimensions);
    expect(`${block}.attn_output.weight`, dimensions, dimensions);
    expect(`${block}.attn_output_norm.weight`, dimensions);
    expect(`${block}.ffn_up.weight`, dimensions, inner);
    expect(`${block}.ffn_down.weight`, inner, dimensions);
    expect(`${block}.layer_output_norm.weight`, dimensions);
  }
}
