import { exportFormats } from '../export/registry.ts';
import { toBlob, toFile } from '../export/save.ts';
import { abortable } from '../rpc/abort-port.ts';
import type { Database } from '../store/database.ts';
import { createPartsFor } from './app-parts.ts';
import { exportPieces, previewExport } from './collection-export.ts';
import type { ExportsApi } from './exports-api.ts';
import type { Models } from './models.ts';

/** The workspace's methods of the Export dialog. */
export function exportMethods(db: Database, models: Models, baseUrl: string): ExportsApi {
  const parts = createPartsFor(models, baseUrl);
  return {
    async exportFormats() {
      return exportFormats.map(
        ({ id, name, readBy, mediaType, precisions, optional, originals = false, files }) => ({
          id,
          name,
          readBy,
          mediaType,
          precisions,
          optional,
          originals,
          extension: files.length > 1 ? 'zip' : files[0].extension,
          extensions: files.map(({ extension }) => extension),
        }),
      );
    },
    exportPreview: (id, options) => previewExport(db, models, parts, id, options),
    exportCollection: (id, options, port, progress) =>
      abortable(port, async signal => {
        const { pieces, mediaType } = await exportPieces(db, models, parts, id, options, signal, progress);
        return toBlob(pieces, mediaType);
      }),
    exportToFile: (id, options, target, port, progress) =>
      abortable(port, async signal => {
        const { pieces } = await exportPieces(db, models, parts, id, options, signal, progress);
        return toFile(pieces, target);
      }),
  };
}
