import type { Format } from '../format.ts';

/** Web pages: the main content, with headings, lists, tables, quotes and code. */
export const html: Format = {
  id: 'html',
  name: 'HTML',
  extensions: ['html', 'htm', 'xhtml', 'xht'],
  startsLike: head => /^\s*(<\?xml[^>]*>\s*)?(<!--[\s\S]*?-->\s*)*<(!doctype\s+html|html)\b/i.test(head),
  async parse(source) {
    const { readHtml } = await import('./html/read-html.ts');
    return readHtml(source);
  },
};
