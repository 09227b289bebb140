import type { VecdropError } from '../domain/errors.ts';
import { quoted } from './metadata.ts';
import type { ModelFile } from './model-file.ts';

/** general.type of files that are no models by themselves. */
const KINDS: ReadonlyMap<string, string> = new Map([
  ['adapter', 'it is an adapter (LoRA) for another model, not a model'],
  ['mmproj', 'it is the image or sound part of another model, not an embedding model'],
  ['imatrix', 'it holds data for quantizing, not a model'],
]);

/** Architectures that people have as GGUF and that read no text, or only generate. */
const OTHERS: [RegExp, string][] = [
  [/^clip|siglip|mmproj/, 'it is the image part of another model, not an embedding model for text'],
  [/whisper|wavtokenizer|parakeet/, 'it is a model for speech, not an embedding model'],
  [/^(sd|sd3|sdxl|flux|lumina|wan|qwen-image)/, 'it is a model that makes images, not an embedding model'],
];

/** The error for a file whose architecture we do not serve, with what it is as far as that can be told. */
export function notServed(file: ModelFile, architecture: string): VecdropError {
  const other = OTHERS.find(([pattern]) => pattern.test(architecture))?.[1];
  if (other !== undefined) return file.unsupported(other);
  if (file.value(`${architecture}.pooling_type`) !== undefined) {
    return file.unsupported(`its architecture ${quoted(architecture)} is not one that Vecdrop can check`);
  }
  if (file.value('tokenizer.ggml.tokens') !== undefined) {
    return file.unsupported(
      `it is a model that generates text (${quoted(architecture)}), not an embedding model`,
    );
  }
  return file.unsupported(`its architecture ${quoted(architecture)} is no embedding model’s`);
}

/** Throws 'model/unsupported' for GGUF files that are no models, and for rerankers by name. */
export function checkKind(file: ModelFile, names: readonly string[]): void {
  const kind = KINDS.get(file.text('general.type') ?? '');
  if (kind !== undefined) throw file.unsupported(kind);
  if (names.some(name => /rerank/i.test(name))) {
    throw file.unsupported('it is a reranker, which gives scores and no vectors');
  }
}
