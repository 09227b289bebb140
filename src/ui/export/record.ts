import type { ExportFormatInfo } from '../../workspace/exports-api.ts';

/** Numbers of a vector shown before the rest is counted. */
const SHOWN = 4;

/** A record for the eye: long arrays of numbers cut short, with how many are left out; strings as they are. */
export function shortenRecord(record: string): string {
  return record.replace(/\[\s*((?:-?\d[\d.eE+-]*\s*,\s*){8,}-?\d[\d.eE+-]*)\s*\]/g, (_, numbers: string) => {
    const all = numbers.split(',');
    const shown = all.slice(0, SHOWN).map(part => part.trim());
    return `[${shown.join(', ')}, … ${all.length - SHOWN} more]`;
  });
}

/** A collection's name as a file name on every system. */
export function downloadName(collection: string, extension: string): string {
  const safe = collection
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what file systems refuse
    .replace(/[\u0000-\u001f\\/:*?"<>|]+/g, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[. ]+|[. ]+$/g, '');
  return `${safe || 'vectors'}.${extension}`;
}

type Named = Pick<ExportFormatInfo, 'id' | 'extension'>;

/** What a format's files end in: with its id where others have the same ending, so that they can be told apart. */
export function endingOf({ id, extension }: Named, formats: readonly Named[]): string {
  const shared = formats.some(other => other.id !== id && other.extension === extension);
  return shared && id !== extension ? `${id}.${extension}` : extension;
}

/** Hands a blob to the browser's downloads. */
export function saveBlob(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The download has its own hold on the blob by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** Whether the browser lets a page write into a file that the person chooses. */
export const canChooseTarget = 'showSaveFilePicker' in globalThis;

/** A file that the person chose to write to. */
export interface Target {
  handle: FileSystemFileHandle;
  /** Takes back a file that was made for this and is still empty. */
  discard(): Promise<void>;
}

/** Asks where to write; undefined where the person thinks better of it. */
export async function chooseTarget(
  suggestedName: string,
  { name, mediaType, extension }: { name: string; mediaType: string; extension: string },
): Promise<Target | undefined> {
  const pick = (globalThis as { showSaveFilePicker?: SavePicker }).showSaveFilePicker;
  if (!pick) return undefined;
  const type = extension === 'zip' ? 'application/zip' : mediaType;
  const types = [{ description: name, accept: { [type]: [`.${extension}`] } }];
  const handle = await pick({ suggestedName, types }).catch(() => undefined);
  return handle && { handle, discard: () => discardEmpty(handle) };
}

/** Chromium's File System Access API; TypeScript's library has only its handles. */
type SavePicker = (options: {
  suggestedName: string;
  types: { description: string; accept: Record<string, string[]> }[];
}) => Promise<FileSystemFileHandle>;

async function discardEmpty(handle: FileSystemFileHandle & { remove?: () => Promise<void> }): Promise<void> {
  try {
    if ((await handle.getFile()).size === 0) await handle.remove?.();
  } catch {
    // It is gone already, or may not be removed: an empty file does no harm.
  }
}
