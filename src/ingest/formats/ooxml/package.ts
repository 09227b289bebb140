import type { ZipEntry } from '../../../zip/directory.ts';
import { broken } from '../../limits.ts';
import { childrenOf, type Element, parseMarkup, textOf } from '../../markup.ts';
import { unzipEntry, zipDirectory } from '../../zip.ts';

/** A part that another one refers to. */
export interface Relation {
  id: string;
  /** The last word of the type's address: 'styles', 'footnotes', 'slide'. */
  type: string;
  /** The part's path in the package, or an address outside of it. */
  target: string;
}

/** A zip of XML parts, as Office Open XML and OpenDocument have them. */
export class XmlPackage {
  readonly #bytes: Uint8Array;
  readonly #entries: ReadonlyMap<string, ZipEntry>;

  /** Throws what zipDirectory() throws. */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    // Names differ in case between a part and what refers to it.
    this.#entries = new Map(
      zipDirectory(bytes).map(entry => [entry.name.replace(/^\/+/, '').toLowerCase(), entry]),
    );
  }

  bytes(path: string): Uint8Array | undefined {
    const entry = this.#entries.get(path.toLowerCase());
    return entry && unzipEntry(this.#bytes, entry);
  }

  /** A part as a tree; undefined where it is not there. */
  xml(path: string): Element | undefined {
    const bytes = this.bytes(path);
    if (!bytes) return undefined;
    const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0x3c && bytes[1] === 0);
    return parseMarkup(new TextDecoder(utf16 ? 'utf-16le' : 'utf-8').decode(bytes), 'xml');
  }

  /** What a part refers to; '' is the package itself. */
  relations(path: string): Relation[] {
    const slash = path.lastIndexOf('/') + 1;
    const folder = path.slice(0, slash);
    const list = this.xml(`${folder}_rels/${path.slice(slash)}.rels`);
    return childrenOf(list && childrenOf(list, 'Relationships')[0], 'Relationship').map(({ attributes }) => ({
      id: attributes.Id ?? '',
      type: (attributes.Type ?? '').replace(/^.*\//, ''),
      target:
        attributes.TargetMode === 'External'
          ? (attributes.Target ?? '')
          : join(folder, attributes.Target ?? ''),
    }));
  }

  /** The path of the part that the package is about. Throws 'file/broken' where there is none. */
  main(kind: string): string {
    const found = this.relations('').find(({ type }) => type === 'officeDocument');
    if (!found) throw broken(kind);
    return found.target;
  }

  /** Title and language of docProps/core.xml. */
  properties(): { title?: string; language?: string } {
    const core = this.xml('docProps/core.xml');
    const words = (name: string) => {
      const element = core && childrenOf(childrenOf(core, 'coreProperties')[0], name)[0];
      const text = element && textOf(element).trim();
      return text ? { [name]: text } : {};
    };
    return { ...words('title'), ...words('language') };
  }
}

/** A target as a path from the package's root. */
export function join(folder: string, target: string): string {
  if (target.startsWith('/')) return target.slice(1);
  const parts = folder.split('/').filter(part => part !== '');
  for (const part of target.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}
