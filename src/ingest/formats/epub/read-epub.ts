import { DocumentWriter } from '../../document-writer.ts';
import { decode } from '../../encoding.ts';
import type { Parsed } from '../../format.ts';
import { broken, encrypted } from '../../limits.ts';
import { attribute, child, childrenOf, descendants, type Element, find, textOf } from '../../markup.ts';
import { declaredEncoding, parseHtml } from '../html/read-html.ts';
import { renderHtml } from '../html/render.ts';
import { join, XmlPackage } from '../ooxml/package.ts';

const KIND = 'an EPUB book';
/** What encrypts fonts only leaves the text readable. */
const FONT_OBFUSCATION = /idpf\.org\/2008\/embedding|ns\.adobe\.com\/pdf\/enc/;

/** A book's documents in the order of its spine. Those that only navigate are left out. */
export function readEpub(bytes: Uint8Array): Parsed {
  const parts = new XmlPackage(bytes);
  if (isProtected(parts)) throw encrypted(KIND);
  const container = parts.xml('META-INF/container.xml');
  const path = container && attribute(find(container, 'rootfile'), 'full-path');
  const book = path === undefined ? undefined : child(parts.xml(path), 'package');
  if (!book || path === undefined) throw broken(KIND);
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const manifest = new Map(
    childrenOf(child(book, 'manifest'), 'item').map(item => [item.attributes.id, item.attributes]),
  );
  const metadata = child(book, 'metadata');
  const writer = new DocumentWriter();
  for (const { attributes } of childrenOf(child(book, 'spine'), 'itemref')) {
    const item = manifest.get(attributes.idref);
    if (!item?.href || /\bnav\b/.test(item.properties ?? '')) continue;
    const chapter = parts.bytes(join(folder, decodeName(item.href)));
    if (chapter) writeChapter(chapter, writer);
  }
  const words = (name: string) => {
    const element = child(metadata, name);
    return element && textOf(element).trim();
  };
  return writer.finish({ title: words('title'), language: words('language') });
}

function writeChapter(bytes: Uint8Array, writer: DocumentWriter): void {
  const root = parseHtml(decode(bytes, declaredEncoding(bytes)).text);
  const body = find(root, 'body') ?? root;
  if (!isContents(body)) renderHtml(body, writer);
}

/** A page that is nothing but a table of contents. */
function isContents(body: Element): boolean {
  const children = [...descendants(body)];
  return children.some(
    ({ name, attributes }) => name === 'nav' && /\btoc\b/.test(attributes['epub:type'] ?? ''),
  );
}

function decodeName(href: string): string {
  try {
    return decodeURIComponent(href.split('#', 1)[0] ?? '');
  } catch {
    return href;
  }
}

function isProtected(parts: XmlPackage): boolean {
  const list = parts.xml('META-INF/encryption.xml');
  if (!list) return false;
  const methods = [...descendants(list)].filter(({ name }) => name === 'EncryptionMethod');
  return methods.some(method => !FONT_OBFUSCATION.test(attribute(method, 'Algorithm') ?? ''));
}
