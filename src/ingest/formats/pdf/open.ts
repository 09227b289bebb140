import type { PDFDocumentProxy } from 'pdfjs-dist';
import { broken, encrypted } from '../../limits.ts';

/** Stands for what draws: nothing is drawn. */
class Nothing {
  destroy(): void {}
}

interface OpenPdf {
  file: PDFDocumentProxy;
  /** Whether a map of characters was asked for so far that could not be had. */
  lacksMaps(): boolean;
}

/**
 * Opens a PDF in this thread, which is a worker's: no eval, no font, no request but for maps of characters.
 * Throws 'file/encrypted' or 'file/broken'.
 */
export async function openPdf(bytes: Uint8Array): Promise<OpenPdf> {
  const [library] = await Promise.all([
    import('pdfjs-dist/legacy/build/pdf.mjs'),
    // Found by the library under a global name, it runs here instead of in a worker of its own.
    import('pdfjs-dist/legacy/build/pdf.worker.mjs' as string),
  ]);
  let failed = false;
  /** What the library asks for by name: only maps of characters, for text is all that is read. */
  class Assets {
    async fetch({ kind, filename }: { kind: string; filename: string }): Promise<Uint8Array> {
      if (kind !== 'cMapUrl') throw new Error(`${filename} is not needed for text.`);
      try {
        const { characterMap } = await import('./character-maps.ts');
        return characterMap(filename);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  }
  try {
    const file = await library.getDocument({
      // The library takes the buffer for its own.
      data: new Uint8Array(bytes),
      verbosity: library.VerbosityLevel.ERRORS,
      isEvalSupported: false,
      useWorkerFetch: false,
      useSystemFonts: true,
      disableFontFace: true,
      useWasm: false,
      enableXfa: false,
      BinaryDataFactory: Assets,
      CanvasFactory: Nothing,
      FilterFactory: Nothing,
      cMapUrl: 'cmaps/',
    } as Parameters<typeof library.getDocument>[0]).promise;
    return { file, lacksMaps: () => failed };
  } catch (error) {
    if (error instanceof Error && error.name === 'PasswordException') throw encrypted('a PDF');
    throw broken('a PDF', error);
  }
}
