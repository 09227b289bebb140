import { halfTable } from '../gguf/half.ts';
import { brokenOff, corrupt, MAX_DIMENSIONS, unsupported } from './limits.ts';

/** What the head of a .npy file says of its matrix. */
export interface NpyHead {
  rows: number;
  dimensions: number;
  /** Where the numbers begin, and what a row of them takes. */
  offset: number;
  rowBytes: number;
  /** The numbers of a row; its bytes are only lent. */
  decode(row: Uint8Array<ArrayBuffer>): Float32Array;
}

interface NumberType {
  bytes: number;
  at(view: DataView, offset: number): number;
}

/** By NumPy's names; those with a sign of the byte order have '<' or '>' before them. */
const TYPES: Record<string, (littleEndian: boolean) => NumberType> = {
  f2: little => ({
    bytes: 2,
    at: (view, offset) => halfTable()[view.getUint16(offset, little)] as number,
  }),
  f4: little => ({ bytes: 4, at: (view, offset) => view.getFloat32(offset, little) }),
  f8: little => ({ bytes: 8, at: (view, offset) => view.getFloat64(offset, little) }),
  i1: () => ({ bytes: 1, at: (view, offset) => view.getInt8(offset) }),
};

/** No head of a matrix of numbers is longer. */
const MAX_HEAD = 65_536;

/** Bytes of a file's beginning that a head is read from, where the file has so many. */
export const NPY_HEAD_BYTES = 12 + MAX_HEAD;

/**
 * The head of a .npy file (NEP 1, versions 1 to 3) from the file's first NPY_HEAD_BYTES. Throws 'import/corrupt' where it
 * is none, 'import/unsupported' where it is not of a matrix of floats or 8-bit integers in C order.
 */
export function readNpyHead(bytes: Uint8Array): NpyHead {
  const start = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = [0x93, ...new TextEncoder().encode('NUMPY')];
  if (bytes.length < 12 || magic.some((byte, i) => bytes[i] !== byte)) throw noMatrix();
  const version = bytes[6] as number;
  if (version < 1 || version > 3) {
    throw unsupported(
      `This .npy file is of version ${version}, which cannot be read. Save it with numpy.save.`,
    );
  }
  const from = version === 1 ? 10 : 12;
  const offset = from + (version === 1 ? start.getUint16(8, true) : start.getUint32(8, true));
  if (offset > NPY_HEAD_BYTES) {
    throw unsupported('This .npy file holds records, not numbers. Save its vectors as a matrix of float32.');
  }
  if (offset > bytes.length) throw brokenOff(0);
  const text = new TextDecoder('latin1').decode(bytes.subarray(from, offset));
  const type = typeIn(text);
  const { rows, dimensions } = shapeIn(text);
  return {
    rows,
    dimensions,
    offset,
    rowBytes: dimensions * type.bytes,
    decode(row) {
      const view = new DataView(row.buffer, row.byteOffset, row.byteLength);
      const vector = new Float32Array(dimensions);
      for (let i = 0; i < dimensions; i++) vector[i] = type.at(view, i * type.bytes);
      return vector;
    },
  };
}

function typeIn(head: string): NumberType {
  const [, list, name = ''] = /['"]descr['"]\s*:\s*(?:(\[)|['"]([^'"]*)['"])/.exec(head) ?? [];
  if (list === undefined && name === '') throw noMatrix();
  const [, order, kind = ''] = /^([<>|=]?)(\w+)$/.exec(name) ?? [];
  const type = Object.hasOwn(TYPES, kind) ? TYPES[kind] : undefined;
  if (!type) {
    throw unsupported(
      `This matrix holds ${list ? 'records' : `numbers of the type ${name}`}, not floats. Save it with .astype("float32").`,
    );
  }
  if (/['"]fortran_order['"]\s*:\s*True/.test(head)) {
    throw unsupported(
      'This matrix is stored column by column. Save it as numpy.ascontiguousarray(matrix), then import it.',
    );
  }
  return type(order !== '>');
}

function shapeIn(head: string): { rows: number; dimensions: number } {
  const [, inner] = /['"]shape['"]\s*:\s*\(([^)]*)\)/.exec(head) ?? [];
  if (inner === undefined) throw noMatrix();
  const sizes = inner.split(',').map(size => size.trim());
  if (sizes.at(-1) === '') sizes.pop();
  if (sizes.some(size => !/^\d+L?$/.test(size))) throw noMatrix();
  const [rows, dimensions, ...more] = sizes.map(size => Number.parseInt(size, 10));
  if (rows === undefined || dimensions === undefined || more.length > 0) {
    throw unsupported(
      `This array has ${sizes.length === 1 ? 'one dimension' : `${sizes.length} dimensions`}. Save it as a matrix with a row for each text.`,
    );
  }
  if (dimensions < 1 || dimensions > MAX_DIMENSIONS) {
    const most = MAX_DIMENSIONS.toLocaleString('en');
    throw unsupported(
      `The rows of this matrix have ${dimensions.toLocaleString('en')} numbers; 1 to ${most} can be read. Choose a matrix of embeddings.`,
    );
  }
  if (!Number.isSafeInteger(rows * dimensions * 8)) throw noMatrix();
  return { rows, dimensions };
}

function noMatrix() {
  return corrupt('This is no .npy file, or its beginning is damaged. Save it again, or download it again.');
}

/** The rows of a matrix from the file's bytes in pieces, which end anywhere. Throws 'import/corrupt' where they are too few. */
export async function* npyRows(
  pieces: AsyncIterable<Uint8Array>,
  { rows, offset, rowBytes, decode }: NpyHead,
): AsyncGenerator<Float32Array> {
  const row = new Uint8Array(rowBytes);
  let [skipped, filled, done] = [0, 0, 0];
  for await (const piece of pieces) {
    let at = Math.min(piece.length, offset - skipped);
    skipped += at;
    while (at < piece.length && done < rows) {
      const part = piece.subarray(at, at + rowBytes - filled);
      row.set(part, filled);
      filled += part.length;
      at += part.length;
      if (filled < rowBytes) break;
      filled = 0;
      done += 1;
      yield decode(row);
    }
  }
  if (done < rows) throw brokenOff(done);
}
