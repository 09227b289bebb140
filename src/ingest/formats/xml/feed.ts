import type { DocumentWriter } from '../../document-writer.ts';
import { child, childrenOf, descendants, type Element, parseMarkup, textOf } from '../../markup.ts';
import { renderHtml } from '../html/render.ts';

const FEEDS = new Set(['rss', 'RDF', 'feed']);
/** What RSS, Dublin Core in it, and Atom call the same things; the first that is there is written. */
const ABOUT = [['creator', 'author'], ['pubDate', 'date', 'published', 'updated'], ['category'], ['link']];
/** The whole text, before an excerpt of it. */
const TEXTS = ['encoded', 'content', 'description', 'summary', 'subtitle'];

/** RSS 0.9 to 2.0 and Atom, by their entries. */
export function isFeed(root: Element): boolean {
  return FEEDS.has(root.name) && entriesOf(root).length > 0;
}

/** Each entry under its title: who, when and where, then its text, which is a web page's. */
export function writeFeed(root: Element, writer: DocumentWriter): void {
  writeOne(child(root, 'channel') ?? root, 1, writer);
  for (const entry of entriesOf(root)) writeOne(entry, 2, writer);
}

function entriesOf(root: Element): Element[] {
  return [
    ...childrenOf(child(root, 'channel'), 'item'),
    ...childrenOf(root, 'item'),
    ...childrenOf(root, 'entry'),
  ];
}

function writeOne(element: Element, level: number, writer: DocumentWriter): void {
  const title = child(element, 'title');
  if (title) writer.heading(level, plain(textOf(title)));
  const about = ABOUT.map(names => names.flatMap(name => valuesOf(element, name))).flatMap(found => {
    const [first] = found;
    return first ? found.filter(({ name }) => name === first.name) : [];
  });
  writer.add('paragraph', about.map(({ name, value }) => `${name}: ${value}`).join('\n'));
  const text = TEXTS.map(name => child(element, name)).find(each => each && textOf(each).trim() !== '');
  if (!text) return;
  // Markup as text, or as it is.
  const body = text.attributes.type === 'xhtml' ? text : parseMarkup(textOf(text), 'html');
  for (const inner of descendants(body)) {
    const own = /^h([1-6])$/.exec(inner.name)?.[1];
    // Its headings are under the entry's.
    if (own !== undefined) inner.name = `h${Math.min(6, Number(own) + level)}`;
  }
  renderHtml(body, writer);
}

function valuesOf(element: Element, name: string): { name: string; value: string }[] {
  return childrenOf(element, name).flatMap(each => {
    const { href, term } = each.attributes;
    const value = textOf(child(each, 'name') ?? each).trim() || href || term;
    return value ? [{ name, value: value.replace(/\s+/g, ' ') }] : [];
  });
}

/** A title may be markup, too. */
function plain(title: string): string {
  return /[<&]/.test(title) ? textOf(parseMarkup(title, 'html')) : title;
}
