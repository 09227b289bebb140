import type { ColumnMetaData, Compressors, FileMetaData, RowGroup, SchemaTree } from 'hyparquet';
import { bytesOf } from '../bytes.ts';
import type { ImportFormat, ImportOrigin } from '../format.ts';
import { asCorrupt, corrupt, unsupported } from '../limits.ts';
import { originOf } from '../origin.ts';
import type { ColumnPages } from '../parquet-pages.ts';
import { type RawRow, tableOf } from '../table.ts';

/** Rows that are put together at once. */
const ROWS = 256;

/** Apache Parquet: a page of each column is held at a time, and of the columns only those that are asked for are read. */
export const parquet: ImportFormat = {
  id: 'parquet',
  name: 'Parquet',
  extensions: ['parquet'],
  async open(files, signal) {
    const file = files.find(({ name }) => /\.parquet$/i.test(name)) ?? (files[0] as File);
    const metadata = await readMetadata(file);
    const rows = metadata.row_groups.reduce((sum, group) => sum + Number(group.num_rows), 0);
    return tableOf(
      {
        rows,
        origin: () => originIn(metadata),
        read: (names, stop, told) => rowsOf(file, metadata, names, stop, done => told?.(done / rows)),
      },
      signal,
    );
  },
};

async function readMetadata(file: Blob): Promise<FileMetaData> {
  const end = new TextDecoder('latin1').decode(await bytesOf(file, Math.max(0, file.size - 4), file.size));
  if (end === 'PARE') {
    throw unsupported('This Parquet file is encrypted. Write it without encryption, then import it.');
  }
  if (end !== 'PAR1') {
    throw corrupt('This Parquet file breaks off: its end is missing. Export it again, or download it again.');
  }
  const { parquetMetadataAsync } = await import('hyparquet');
  const bytes = {
    byteLength: file.size,
    slice: async (from: number, to?: number) => (await bytesOf(file, from, to ?? file.size)).buffer,
  };
  try {
    return await parquetMetadataAsync(bytes, { geoparquet: false });
  } catch (error) {
    throw asCorrupt(error, 'The end of this Parquet file is damaged. Export it again, or download it again.');
  }
}

/** What our own export says in the footer. */
function originIn({ key_value_metadata = [] }: FileMetaData): ImportOrigin {
  const said = new Map<string, unknown>();
  for (const { key, value } of key_value_metadata) {
    const [, name] = /^vecdrop:(\w+)$/.exec(key) ?? [];
    if (name === undefined || value === undefined) continue;
    try {
      said.set(name, name === 'recipe' ? JSON.parse(value) : value);
    } catch {
      // Another program's, or changed: the file is good without it.
    }
  }
  return originOf(said);
}

async function* rowsOf(
  file: Blob,
  metadata: FileMetaData,
  names: ReadonlySet<string> | undefined,
  signal: AbortSignal,
  told: (rows: number) => void,
): AsyncGenerator<RawRow> {
  let done = 0;
  try {
    for (const group of metadata.row_groups) {
      const columns = await openGroup(file, metadata, group, names);
      for (let left = Number(group.num_rows); left > 0; left -= ROWS) {
        const count = Math.min(ROWS, left);
        const taken = await Promise.all(
          columns.map(async column => [column.name, await column.take(count, signal)] as const),
        );
        told(done);
        for (let i = 0; i < count; i++) {
          done += 1;
          yield taken.map(([name, values]) => [name, values[i]] as const);
        }
      }
    }
  } catch (error) {
    const place = done === 0 ? 'in its first rows' : `behind row ${done.toLocaleString('en')}`;
    throw asCorrupt(error, `This Parquet file is damaged ${place}. Export it again, or download it again.`);
  }
}

/** A column as a person sees it, which has one leaf or, with records in it, several. */
interface TopColumn {
  name: string;
  take(count: number, signal: AbortSignal): Promise<ArrayLike<unknown>>;
}

async function openGroup(
  file: Blob,
  metadata: FileMetaData,
  group: RowGroup,
  names: ReadonlySet<string> | undefined,
): Promise<TopColumn[]> {
  const [{ parquetSchema }, { DEFAULT_PARSERS }, { assembleNested }, { getTreePath }, { ColumnPages }] =
    await Promise.all([
      import('hyparquet'),
      import('hyparquet/src/convert.js'),
      import('hyparquet/src/assemble.js'),
      import('hyparquet/src/schema.js'),
      import('../parquet-pages.ts'),
    ]);
  const tree = parquetSchema(metadata);
  const wanted = tree.children.filter(({ element }) => names?.has(element.name) ?? true);
  const leaves = group.columns.flatMap(({ meta_data }) => meta_data ?? []);
  const compressors = await compressorsFor(leaves);

  function pages(leaf: ColumnMetaData): ColumnPages {
    const schemaPath = getTreePath(tree, leaf.path_in_schema);
    const { element } = schemaPath.at(-1) as SchemaTree;
    const { path_in_schema: pathInSchema, type, codec } = leaf;
    const parsers = DEFAULT_PARSERS;
    return new ColumnPages(file, leaf, {
      pathInSchema,
      type,
      element,
      schemaPath,
      codec,
      parsers,
      compressors,
    });
  }

  return wanted.map(column => {
    const { name } = column.element;
    const parts = leaves
      .filter(({ path_in_schema: [first] }) => first === name)
      .map(leaf => [leaf.path_in_schema.join('.'), pages(leaf)] as const);
    return {
      name,
      async take(count, signal) {
        const taken = new Map<string, unknown[]>();
        for (const [path, part] of parts) taken.set(path, await part.take(count, signal));
        if (column.children.length > 0) assembleNested(taken, column, DEFAULT_PARSERS);
        const values = taken.get(name);
        if (!values) throw new RangeError('A column is missing.');
        return values;
      },
    };
  });
}

/** What unpacks the columns; that of Snappy comes with hyparquet, the others are loaded where they are needed. */
async function compressorsFor(columns: readonly ColumnMetaData[]): Promise<Compressors> {
  const codecs = new Set(columns.map(({ codec }) => codec));
  codecs.delete('UNCOMPRESSED');
  codecs.delete('SNAPPY');
  if (codecs.size === 0) return {};
  const packed = await import('hyparquet-compressors');
  const known: Compressors = {
    GZIP: packed.decompressGzip,
    BROTLI: packed.decompressBrotli,
    ZSTD: (input, length) => packed.decompressZstd(input, new Uint8Array(length)),
    LZ4: packed.decompressLz4,
    LZ4_RAW: packed.decompressLz4Raw,
  };
  for (const codec of codecs) {
    if (known[codec]) continue;
    throw unsupported(
      `This Parquet file is packed with ${codec ?? 'a method'}, which cannot be read here. Write it with Snappy, zstd, gzip or without compression.`,
    );
  }
  return known;
}
