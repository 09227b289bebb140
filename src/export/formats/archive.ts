import { archivePieces } from '../archive.ts';
import type { ExportFormat } from '../format.ts';
import { recordText } from '../records.ts';

/** All that is stored of a collection, to be imported again without loss; see docs/FORMAT.md. */
export const archive: ExportFormat = {
  id: 'archive',
  name: 'Vecdrop archive',
  readBy: 'Vecdrop again, nothing lost',
  mediaType: 'application/zip',
  precisions: ['float32'],
  optional: [],
  originals: true,
  files: [
    {
      extension: 'zip',
      async *encode(_header, _records, { archive: open }) {
        yield* archivePieces(await open());
      },
      bytes: async (header, { archive: open }) => {
        const { counts } = (await open()).manifest;
        return (
          counts.vectors * header.dimensions * Float32Array.BYTES_PER_ELEMENT +
          counts.chunks * CHUNK_BYTES +
          counts.originalBytes
        );
      },
    },
  ],
  // A record's parts stand in four files: what they come to is shown.
  preview: recordText,
};

/** Its line and its share of the text, packed: as measured on documents of prose. */
const CHUNK_BYTES = 450;
