import type { VecdropError } from '../domain/errors.ts';
import { corrupt, unsupported } from './faults.ts';
import type { Gguf } from './read.ts';
import { readGguf } from './read.ts';

/** A GGUF file, or the parts of a split one in order. */
export type ModelBytes = Blob | readonly Blob[];

/** A part with what its head says. */
export interface ModelPart {
  blob: Blob;
  gguf: Gguf;
}

/** As llama-gguf-split names parts; counted from 1. */
const PART_NAME = /^(.*)-(\d{5})-of-(\d{5})\.gguf$/i;

/**
 * The parts of a split model in order, whatever order they come in, and the name they share. A single file that is
 * no part comes back as it is. Throws 'model/unsupported' for parts that are missing, twice, or of several models,
 * 'model/corrupt' where their heads do not agree. Nobody has to unpack or join them: engines take them as they are,
 * and the model's id is the sha256 of all bytes in this order.
 */
export async function readSplit(
  files: readonly { name: string; blob: Blob }[],
): Promise<{ name: string; blobs: Blob[] }> {
  const [first] = files;
  if (first === undefined) throw unsupported('The model', 'no file was given');
  const named = files.map(({ name, blob }) => ({ name, blob, match: PART_NAME.exec(name) }));
  if (files.length === 1 && !named[0]?.match) {
    await readParts(first.blob, first.name);
    return { name: first.name, blobs: [first.blob] };
  }
  const [, base = '', , total = ''] = named.find(({ match }) => match)?.match ?? [];
  const ordered: Blob[] = [];
  for (const { name, blob, match } of named) {
    if (!match) throw unsupported(name, 'its name is not that of a part (…-00001-of-00003.gguf)');
    if (match[1] !== base || match[3] !== total) {
      throw unsupported(name, `it is no part of “${base}”, which was given with it`);
    }
    const at = Number(match[2]) - 1;
    if (at < 0 || at >= Number(total))
      throw corrupt(name, `it says it is part ${at + 1} of ${Number(total)}`);
    if (ordered[at] !== undefined) throw unsupported(name, `part ${at + 1} was given twice`);
    ordered[at] = blob;
  }
  const missing = Array.from({ length: Number(total) }, (_, at) => at).filter(at => !ordered[at]);
  if (missing.length > 0) throw missingParts(base, missing, Number(total));
  await readParts(ordered, base);
  return { name: base, blobs: ordered };
}

/** The heads of a model's parts, which must agree. `name` is the model's, for messages. */
export async function readParts(file: ModelBytes, name: string): Promise<ModelPart[]> {
  const blobs = [file].flat();
  if (blobs.length === 0) throw unsupported(name, 'none of its files is there');
  const parts: ModelPart[] = [];
  for (const [at, blob] of blobs.entries()) {
    const label = blobs.length === 1 ? name : `${name}, part ${at + 1}`;
    const gguf = await readGguf(blob, label);
    checkPlace(gguf, at, blobs.length, label);
    parts.push({ blob, gguf });
  }
  checkTogether(parts, name);
  return parts;
}

function checkPlace(gguf: Gguf, at: number, count: number, label: string): void {
  const total = numberOf(gguf, 'split.count') ?? 0;
  const own = numberOf(gguf, 'split.no') ?? 0;
  if (count === 1 && total <= 1) return;
  if (count === 1) {
    throw unsupported(label, `it is part ${own + 1} of ${total}; choose all ${total} parts together`);
  }
  if (total !== count) throw corrupt(label, `it says it is of ${total} parts, and there are ${count}`);
  if (own !== at) throw corrupt(label, `it says it is part ${own + 1}`);
}

function checkTogether(parts: readonly ModelPart[], name: string): void {
  if (parts.length === 1) return;
  const names = parts.flatMap(({ gguf }) => gguf.tensors.map(tensor => tensor.name));
  const said = parts[0] && numberOf(parts[0].gguf, 'split.tensors.count');
  if (said !== undefined && said !== names.length) {
    throw corrupt(name, `its parts hold ${names.length} tensors of ${said}`);
  }
  const seen = new Set<string>();
  for (const one of names) {
    if (seen.has(one)) throw corrupt(name, `two of its parts hold the tensor “${one}”`);
    seen.add(one);
  }
}

function numberOf({ metadata }: Gguf, key: string): number | undefined {
  const value = metadata.get(key)?.value;
  return typeof value === 'number' ? value : undefined;
}

function missingParts(base: string, missing: readonly number[], total: number): VecdropError {
  const listed = missing.slice(0, 5).map(at => at + 1);
  const more = missing.length > listed.length ? ` and ${missing.length - listed.length} more` : '';
  const noun = missing.length === 1 ? 'part' : 'parts';
  return unsupported(
    base,
    `${noun} ${listed.join(', ')}${more} of ${total} ${missing.length === 1 ? 'is' : 'are'} missing; choose all parts together`,
  );
}
