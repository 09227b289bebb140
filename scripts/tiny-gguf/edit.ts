import { readGguf } from '../../src/gguf/read.ts';
import { ALIGNMENT, type Bytes, int32, join, padded, string, u32, u64, uint16 } from './bytes.ts';
import { assemble, type Tensor } from './tensors.ts';

/** The pieces of a GGUF file, to be changed and put together again. */
export interface Pieces {
  /** Whole metadata entries by their keys, in the file's order. */
  entries: Map<string, Bytes>;
  tensors: Tensor[];
}

/** A GGUF file with other metadata or tensors than `file`, whose data must be aligned to 32. */
export async function edited(file: Bytes, change: (pieces: Pieces) => void): Promise<Bytes> {
  const pieces = await takeApart(file);
  change(pieces);
  return assemble([...pieces.entries.values()], pieces.tensors);
}

/**
 * The parts that llama-gguf-split makes of a file: the metadata in the first, so many tensors in each. All keep
 * the original's bytes of data.
 */
export async function splitGguf(file: Bytes, tensorsEach: number): Promise<Bytes[]> {
  const { entries, tensors } = await takeApart(file);
  const count = Math.ceil(tensors.length / tensorsEach);
  return Array.from({ length: count }, (_, part) =>
    assemble(
      [
        ...(part === 0 ? entries.values() : []),
        uint16('split.no', part),
        uint16('split.count', count),
        int32('split.tensors.count', tensors.length),
      ],
      tensors.slice(part * tensorsEach, (part + 1) * tensorsEach),
    ),
  );
}

/** As llama-gguf-split names a part; `part` counts from 0. */
export function partName(stem: string, part: number, count: number): string {
  const digits = (number: number) => String(number).padStart(5, '0');
  return `${stem}-${digits(part + 1)}-of-${digits(count)}.gguf`;
}

/** A file with any tensor entries, right or wrong, and `dataBytes` of zeros behind them. */
export function rawGguf(
  entries: readonly Uint8Array[],
  tensors: readonly Uint8Array[],
  dataBytes = 96,
): Bytes {
  const counts = [u64(tensors.length), u64(entries.length)];
  const head = join([u32(0x46554747), u32(3), ...counts, ...entries, ...tensors]);
  return join([padded(head), new Uint8Array(dataBytes)]);
}

/** A tensor's entry with any numbers in it. */
export function tensorEntry(name: string, shape: readonly bigint[], type: number, offset: bigint): Bytes {
  const wide = (value: bigint) => new Uint8Array(new BigUint64Array([value]).buffer);
  return join([string(name), u32(shape.length), ...shape.map(wide), u32(type), wide(offset)]);
}

async function takeApart(file: Bytes): Promise<Pieces> {
  const { metadata, metadataEnd, tensors, alignment } = await readGguf(new Blob([file]), 'to edit');
  if (alignment !== ALIGNMENT) throw new Error('Only files aligned to 32 can be edited.');
  const starts = [...metadata].map(([key, { offset }]) => offset - 4 - string(key).length);
  const entries = [...metadata.keys()].map((key, i): [string, Bytes] => [
    key,
    file.slice(starts[i], starts[i + 1] ?? metadataEnd),
  ]);
  return {
    entries: new Map(entries),
    tensors: tensors.map(({ name, type, shape, offset, bytes }) => ({
      name,
      type: type.id,
      shape,
      data: padded(file.subarray(offset, offset + bytes)),
    })),
  };
}
