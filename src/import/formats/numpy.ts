import { openZip } from '../../zip/blob.ts';
import { bytesOf, joined, piecesOf } from '../bytes.ts';
import type { ImportFormat, Told } from '../format.ts';
import { asCorrupt, brokenOff, corrupt, unsupported } from '../limits.ts';
import { mismatch } from '../mapping.ts';
import { NPY_HEAD_BYTES, npyRows, readNpyHead } from '../npy.ts';
import { type RawRow, tableOf } from '../table.ts';
import { laterColumns, lineRows } from './jsonl.ts';

/** What the matrix is called among the columns. */
const EMBEDDING = 'embedding';

/** A matrix (.npy) and a line of JSON for each of its rows (.jsonl), side by side or in a zip, as the export writes them. */
export const numpy: ImportFormat = {
  id: 'numpy',
  name: 'NumPy',
  extensions: ['npy', 'zip'],
  async open(files, signal) {
    const { matrix, lines } = pairOf(await partsOf(files));
    const head = readNpyHead(await beginning(matrix.pieces(signal)));
    const rowsThere = Math.floor((matrix.bytes - head.offset) / head.rowBytes);
    if (rowsThere < head.rows) throw brokenOff(Math.max(0, rowsThere));

    async function* read(
      names: ReadonlySet<string> | undefined,
      stop: AbortSignal,
      told: Told = () => {},
    ): AsyncGenerator<RawRow> {
      let rows = 0;
      const wantsLines = !names || [...names].some(name => name !== EMBEDDING);
      const records = lines && wantsLines ? lineRows(lines.pieces(stop)) : undefined;
      if (names && !names.has(EMBEDDING)) {
        for await (const record of records ?? []) {
          rows += 1;
          told(rows / head.rows);
          yield record;
        }
        return;
      }
      try {
        for await (const vector of npyRows(matrix.pieces(stop), head)) {
          const record = await records?.next();
          if (record?.done) throw otherCount(head.rows, `${rows.toLocaleString('en')} lines`);
          rows += 1;
          told(rows / head.rows);
          const fields = [...(record?.value ?? [])].filter(([name]) => name !== EMBEDDING);
          yield [...fields, [EMBEDDING, vector]];
        }
        if (records && !(await records.next()).done) throw otherCount(head.rows, 'more lines');
      } finally {
        await records?.return(undefined);
      }
    }

    return tableOf({ rows: head.rows, read, later: laterColumns }, signal);
  },
};

/** A file, or an entry of a zip. */
interface Part {
  /** The last of its path, in small letters. */
  name: string;
  bytes: number;
  pieces(signal: AbortSignal): AsyncIterable<Uint8Array>;
}

async function partsOf(files: readonly File[]): Promise<Part[]> {
  const zip = files.find(({ name }) => name.toLowerCase().endsWith('.zip')) ?? (await zipIn(files));
  if (zip && !files.some(isMatrix)) return zippedParts(zip);
  return files.map(file => ({
    name: file.name.toLowerCase(),
    bytes: file.size,
    pieces: signal => piecesOf(file, signal),
  }));
}

/** A zip that has lost its ending. */
async function zipIn([file]: readonly File[]): Promise<File | undefined> {
  const [first, second] = file ? await bytesOf(file, 0, 2) : [];
  return first === 0x50 && second === 0x4b ? file : undefined;
}

const DAMAGED = 'This zip is damaged or cut off. Export it again, or download it again.';

async function zippedParts(file: File): Promise<Part[]> {
  const zip = await openZip(file).catch(error => {
    throw corrupt(DAMAGED, error);
  });
  async function* pieces(entry: Parameters<typeof zip.read>[0], signal: AbortSignal) {
    try {
      for await (const piece of zip.read(entry)) {
        signal.throwIfAborted();
        yield piece;
      }
    } catch (error) {
      signal.throwIfAborted();
      throw asCorrupt(error, DAMAGED);
    }
  }
  const parts = Array.from(zip.entries.values(), entry => ({
    name: entry.name.slice(entry.name.lastIndexOf('/') + 1).toLowerCase(),
    bytes: entry.bytes,
    pieces: (signal: AbortSignal) => pieces(entry, signal),
  }));
  // What macOS puts beside each file begins with a dot.
  const own = parts.filter(({ name }) => !name.startsWith('.'));
  if (own.some(isMatrix)) return own;
  throw unsupported(
    'This zip holds no matrix (.npy) with its lines (.jsonl). Unpack it and choose the file with the vectors.',
  );
}

const isMatrix = ({ name }: { name: string }) => name.toLowerCase().endsWith('.npy');

/** The matrix and its lines: those of the same name, else the only ones. */
function pairOf(parts: readonly Part[]): { matrix: Part; lines: Part | undefined } {
  const matrices = parts.length === 1 ? parts : parts.filter(isMatrix);
  const [matrix, another] = matrices;
  if (!matrix || another) {
    throw unsupported('Choose one matrix (.npy), with the lines (.jsonl) that belong to it.');
  }
  const stem = matrix.name.slice(0, matrix.name.lastIndexOf('.') + 1);
  const lines = parts.filter(({ name }) => /\.(jsonl|ndjson)$/.test(name));
  const own = lines.find(({ name }) => name.startsWith(stem) && name.lastIndexOf('.') === stem.length - 1);
  if (own || lines.length <= 1) return { matrix, lines: own ?? lines[0] };
  throw unsupported(
    `None of the files with lines is called as the matrix is. Choose “${matrix.name}” with the one that belongs to it.`,
  );
}

async function beginning(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const taken: Uint8Array[] = [];
  let length = 0;
  for await (const piece of pieces) {
    taken.push(piece);
    length += piece.length;
    if (length >= NPY_HEAD_BYTES) break;
  }
  return joined(taken).subarray(0, NPY_HEAD_BYTES);
}

function otherCount(rows: number, lines: string) {
  return mismatch(
    `The matrix has ${rows.toLocaleString('en')} rows, the file beside it ${lines}: they do not belong together. Choose the two files of one export.`,
  );
}
