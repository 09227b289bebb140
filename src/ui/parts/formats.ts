/** What can be dropped, as the page says it. */
export const FORMAT_NAMES = ['Plain text', 'Markdown', 'Source code'] as const;
