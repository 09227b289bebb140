import { DocumentWriter } from '../../document-writer.ts';
import type { Parsed, Source } from '../../format.ts';
import { child, type Element, find, isElement, parseMarkup, textOf } from '../../markup.ts';
import { declaredEncoding, htmlDocument } from '../html/read-html.ts';
import { renderHtml } from '../html/render.ts';
import { writeData } from '../json/render.ts';
import { asHtml, isProse } from './as-html.ts';
import { asData } from './data.ts';
import { isFeed, writeFeed } from './feed.ts';

/** What the title of a whole is called: before those of its parts, where they differ. */
const TITLES = ['article-title', 'book-title', 'title'];

/** An XML file as a document; undefined where it has no element with a word in it. */
export function readXml(source: Source): Parsed | undefined {
  const text = source.text(declaredEncoding(source.bytes));
  const tree = parseMarkup(text, 'xml');
  const root = tree.children.find(isElement);
  if (!root) return undefined;
  if (root.name === 'html') return htmlDocument(text);
  const writer = new DocumentWriter();
  let title: Element | undefined;
  if (isFeed(root)) {
    writeFeed(root, writer);
    title = find(root, 'title');
  } else if (isProse(root)) {
    renderHtml(asHtml(root), writer);
    title = TITLES.map(name => find(root, name)).find(found => found);
  } else {
    writeData({ members: [[root.name, asData(root)]] }, writer);
    title = child(root, 'title');
  }
  if (writer.isEmpty) return undefined;
  const language = root.attributes['xml:lang'] ?? textOf(find(root, 'lang') ?? find(root, 'language') ?? '');
  return writer.finish({ title: title && textOf(title), language });
}
