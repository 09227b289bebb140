import { EXPORT_COLUMNS } from '../../domain/export.ts';
import type { ExportFormat, ExportHeader, Records } from '../format.ts';
import { eachLine } from '../pieces.ts';
import { toHalfBits } from '../precision.ts';
import { recordText } from '../records.ts';

/** The head's length is a multiple of this, so that the matrix may be mapped into memory (NEP 1). */
const ALIGNMENT = 64;

/** The head of a .npy file, version 1.0: magic, length, and a Python literal padded with spaces. */
function npyHead(descr: string, rows: number, dimensions: number): Uint8Array {
  const dict = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${rows}, ${dimensions}), }`;
  const bare = 10 + dict.length + 1;
  const total = Math.ceil(bare / ALIGNMENT) * ALIGNMENT;
  const head = new Uint8Array(total).fill(0x20);
  head.set([0x93, ...new TextEncoder().encode('NUMPY'), 1, 0]);
  new DataView(head.buffer).setUint16(8, total - 10, true);
  head.set(new TextEncoder().encode(dict), 10);
  head[total - 1] = 0x0a;
  return head;
}

const TYPES = { float32: '<f4', float16: '<f2', int8: '|i1' } as const;

async function* matrix(header: ExportHeader, records: Records): AsyncGenerator<Uint8Array> {
  const { precision, dimensions } = header;
  yield npyHead(TYPES[precision], header.records, dimensions);
  for await (const { embedding, quantized } of records()) {
    const row =
      precision === 'float32'
        ? embedding
        : precision === 'float16'
          ? Uint16Array.from(embedding, toHalfBits)
          : (quantized?.values ?? new Int8Array(dimensions));
    // Copied: the next record may reuse the memory.
    yield new Uint8Array(row.buffer, row.byteOffset, row.byteLength).slice();
  }
}

/** The line of a record: all but its vector, which is the row of the same number; of int8 the scale stays. */
function line(record: Parameters<ExportFormat['preview']>[0], header: ExportHeader): string {
  const columns = new Set(header.columns);
  columns.delete('embedding');
  const text = recordText(record, { ...header, columns });
  return record.quantized ? `${text.slice(0, -1)},"scale":${record.quantized.scale}}` : text;
}

/** A matrix that NumPy maps, and a line of JSON for each of its rows. */
export const numpy: ExportFormat = {
  id: 'numpy',
  name: 'NumPy',
  readBy: 'numpy.load, scikit-learn, FAISS',
  mediaType: 'application/octet-stream',
  precisions: ['float32', 'float16', 'int8'],
  optional: EXPORT_COLUMNS.filter(column => column !== 'embedding'),
  files: [
    { extension: 'npy', encode: matrix },
    { extension: 'jsonl', encode: (header, records) => eachLine(records(), record => line(record, header)) },
  ],
  preview: line,
};
