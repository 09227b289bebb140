import type { Format } from '../format.ts';
import { codeBlocks } from './code-blocks.ts';

/** XML: articles and books as text, feeds by their entries, data as keys and values; of what is no XML, the source. */
export const xml: Format = {
  id: 'xml',
  name: 'XML',
  extensions: ['xml', 'rss', 'atom', 'rdf', 'opml', 'dbk', 'docbook', 'dita', 'tei', 'fb2'],
  startsLike: head => /^\s*<\?xml\s/.test(head),
  async parse(source) {
    const { readXml } = await import('./xml/read-xml.ts');
    return readXml(source) ?? { text: source.text(), blocks: codeBlocks(source.text()) };
  },
};
