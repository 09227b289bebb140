import { DocumentWriter } from '../../document-writer.ts';
import type { Parsed, Source } from '../../format.ts';
import { child, type Element, find, parseMarkup, textOf } from '../../markup.ts';
import { mainContent } from './main-content.ts';
import { renderHtml } from './render.ts';

/** A web page as a document: its main content, its title and language. */
export function readHtml(source: Source): Parsed {
  const text = source.text(declaredEncoding(source.bytes));
  return htmlDocument(text);
}

/** Markup that is text already, as a document. */
export function htmlDocument(text: string): Parsed {
  const root = parseHtml(text);
  const writer = new DocumentWriter();
  renderHtml(mainContent(root), writer);
  // Nothing but navigation, by its marks: then those are wrong, and all of it is content.
  if (writer.isEmpty) renderHtml(parseHtml(text), writer);
  const html = find(root, 'html');
  const title = find(child(html, 'head') ?? root, 'title') ?? find(root, 'h1');
  const language = html?.attributes.lang ?? html?.attributes['xml:lang'];
  return writer.finish({ title: title && textOf(title), language });
}

/** A page as a tree, by the dialect that it says it is written in. */
export function parseHtml(text: string): Element {
  const isXhtml = /^\s*<\?xml\b|<html[^>]+xmlns=/i.test(text.slice(0, 2048));
  return parseMarkup(text, isXhtml ? 'xhtml' : 'html');
}

/** The encoding that a page names within its first bytes: <meta charset>, its http-equiv, or an XML declaration. */
export function declaredEncoding(bytes: Uint8Array): string | undefined {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 4096));
  const found = /<meta[^>]+charset\s*=\s*["']?\s*([\w-]+)|<\?xml[^>]+encoding\s*=\s*["']([\w-]+)/i.exec(head);
  return found?.[1] ?? found?.[2];
}
