import type { ModelInfo } from '../domain/model.ts';
import { ARCHITECTURES, type Architecture } from './architectures.ts';
import { familyOf } from './families.ts';
import { quoted } from './metadata.ts';
import { ModelFile } from './model-file.ts';
import { checkKind, notServed } from './not-embedding.ts';
import { readPooling } from './pooling.ts';
import type { TensorInfo } from './read.ts';
import { readSizes, type Sizes } from './sizes.ts';
import { type ModelBytes, readParts } from './split.ts';
import { FILE_TYPES } from './tensor-types.ts';
import { type FileTokenizer, readVocabulary } from './vocabulary.ts';

/**
 * What a GGUF embedding model is, and its vocabulary. Of a split model all parts are given in order. `fileName` is
 * for messages, and is the name where the file holds none; `id` is the sha256 of all bytes. Throws 'model/corrupt'
 * where the file is not what it says, 'model/unsupported' where it is no embedding model that can be served.
 */
export async function readModel(
  bytes: ModelBytes,
  fileName: string,
  id: string,
): Promise<{ info: ModelInfo; tokenizer: FileTokenizer }> {
  const parts = await readParts(bytes, fileName);
  const [{ gguf }] = parts as [(typeof parts)[0]];
  const tensors = parts.flatMap(part => part.gguf.tensors);
  const file = new ModelFile(gguf, fileName);
  const stem = fileName.replace(/(-\d{5}-of-\d{5})?\.gguf$/i, '');
  const name = file.text('general.name') ?? '';
  const base = [file.text('general.basename'), file.text('general.version')].filter(Boolean).join('-');
  const architecture = file.text('general.architecture');
  if (!architecture) throw file.corrupt('it does not name its architecture');
  checkKind(file, [name, stem, base]);
  const layout = ARCHITECTURES.get(architecture);
  if (layout === undefined) throw notServed(file, architecture);
  const family = familyOf(
    [name, stem, base, architecture],
    file.whole(`${architecture}.embedding_length`, 1, 1 << 16) ?? 0,
  );
  const { pooling, notice } = readPooling(file, architecture, layout, family);
  const tokenizer = readVocabulary(file);
  const sizes = readSizes(file, architecture, tokenizer.tokens.length);
  checkTensors(tensors, file, layout, sizes);
  const license = file.text('general.license');
  const notices = [notice, unknownPreTokenizer(tokenizer)].filter(one => one !== undefined);
  const info: ModelInfo = {
    id,
    name: name || stem,
    architecture,
    dimensions: sizes.dimensions,
    contextLength: sizes.context,
    layers: sizes.layers,
    pooling,
    tokenizer: tokenizer.kind,
    vocabularySize: tokenizer.tokens.length,
    quantization: quantization(tensors, file),
    bytes: parts.reduce((sum, { blob }) => sum + blob.size, 0),
    ...(license ? { license } : {}),
    ...(family ? { family: family.name } : {}),
    ...(family?.prefixes ? { prefixes: family.prefixes } : {}),
    ...(family?.matryoshka ? { matryoshka: family.matryoshka } : {}),
    ...(notices.length > 0 ? { notices } : {}),
  };
  return { info, tokenizer };
}

function unknownPreTokenizer(tokenizer: FileTokenizer): string | undefined {
  if (tokenizer.kind !== 'byte-bpe' || tokenizer.exact) return undefined;
  return `Its way of splitting text (${quoted(tokenizer.preTokenizer)}) is not known here: token counts are an upper bound, so chunks come out smaller than they could be.`;
}

/** The file's own word for it, else the type that takes the most bytes. */
function quantization(tensors: readonly TensorInfo[], file: ModelFile): string {
  const fileType = file.value('general.file_type');
  const named = typeof fileType === 'number' ? FILE_TYPES.get(fileType) : undefined;
  if (named !== undefined) return named;
  const bytes = new Map<string, number>();
  for (const { type, bytes: more } of tensors) bytes.set(type.name, (bytes.get(type.name) ?? 0) + more);
  return [...bytes].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 'F32';
}

/** Shapes that an engine would otherwise find out about by reading past an end. */
function checkTensors(
  tensors: readonly TensorInfo[],
  file: ModelFile,
  { tokenTypes, tensors: rules }: Architecture,
  sizes: Sizes,
): void {
  if (tokenTypes && sizes.tokenTypes === 0) {
    throw file.corrupt('“tokenizer.ggml.token_type_count” is missing');
  }
  const shapes = new Map(tensors.map(tensor => [tensor.name, tensor.shape]));
  for (const { name, shapes: due, optional } of rules(sizes, one => shapes.has(one))) {
    const found = shapes.get(name);
    if (found === undefined && !optional) throw file.corrupt(`tensor ${quoted(name)} is missing`);
    if (found === undefined || due.some(shape => sameShape(shape, found))) continue;
    const wanted = due.map(shape => shape.join(' × ')).join(' or ');
    throw file.corrupt(`tensor ${quoted(name)} is ${found.join(' × ')} where ${wanted} is due`);
  }
}

/** Trailing dimensions of 1 are the same as none. */
function sameShape(due: readonly number[], found: readonly number[]): boolean {
  const length = Math.max(due.length, found.length);
  return Array.from({ length }, (_, i) => (due[i] ?? 1) === (found[i] ?? 1)).every(Boolean);
}
