/** What can be dropped, as the page says it: the ids and names of the ingest registry's formats. */
export const FORMATS = [
  { id: 'plain-text', name: 'Plain text' },
  { id: 'markdown', name: 'Markdown' },
  { id: 'code', name: 'Source code' },
] as const;

/** A format's name for a person; an id that is not listed stays as it is. */
export function formatName(id: string | undefined): string | undefined {
  return FORMATS.find(format => format.id === id)?.name ?? id;
}
