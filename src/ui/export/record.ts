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
