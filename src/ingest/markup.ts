import { Parser } from 'htmlparser2';
import { MAX_MARKUP_DEPTH, MAX_NODES, MAX_OPEN_ELEMENTS, tooLarge } from './limits.ts';

export interface Element {
  /** Lower case in HTML; without its namespace's prefix in XML. */
  name: string;
  /** As written, prefixes included. */
  attributes: Readonly<Record<string, string>>;
  children: Node[];
}

export type Node = Element | string;

/** `text/html` as browsers forgive it, XHTML (elements may close themselves), or XML. */
export type Dialect = 'html' | 'xhtml' | 'xml';

/**
 * Markup as a tree. Entities that a document defines itself are never expanded, so they cannot blow up.
 * Nesting beyond MAX_MARKUP_DEPTH is flattened. Throws 'file/too-large' above MAX_NODES and MAX_OPEN_ELEMENTS.
 */
export function parseMarkup(text: string, dialect: Dialect): Element {
  const root: Element = { name: '', attributes: {}, children: [] };
  const stack: Element[] = [root];
  const strip = dialect === 'xml';
  let nodes = 0;
  const append = (parent: Element, node: Node) => {
    if (++nodes > MAX_NODES) throw tooLarge('has more elements than fit into memory');
    parent.children.push(node);
  };
  const parser = new Parser(
    {
      onopentag(fullName, attributes) {
        const name = strip ? fullName.slice(fullName.indexOf(':') + 1) : fullName;
        const element: Element = { name, attributes, children: [] };
        append(stack[Math.min(stack.length, MAX_MARKUP_DEPTH) - 1] as Element, element);
        stack.push(element);
        if (stack.length > MAX_OPEN_ELEMENTS)
          throw tooLarge(`has more than ${MAX_OPEN_ELEMENTS} elements within each other`);
      },
      onclosetag() {
        if (stack.length > 1) stack.pop();
      },
      ontext(data) {
        const parent = stack[stack.length - 1] as Element;
        const last = parent.children.length - 1;
        // Entities come as texts of their own.
        if (typeof parent.children[last] === 'string') parent.children[last] += data;
        else append(parent, data);
      },
    },
    {
      xmlMode: dialect === 'xml',
      recognizeSelfClosing: dialect !== 'html',
      recognizeCDATA: dialect !== 'html',
    },
  );
  parser.end(text);
  return root;
}

export function isElement(node: Node): node is Element {
  return typeof node !== 'string';
}

/** Every element below `root`, in the document's order. */
export function* descendants(root: Element): Generator<Element> {
  const waiting: Node[] = root.children.toReversed();
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (typeof node === 'string') continue;
    yield node;
    for (let i = node.children.length - 1; i >= 0; i--) waiting.push(node.children[i] as Node);
  }
}

/** The first element of that name below `root`. */
export function find(root: Element, name: string): Element | undefined {
  for (const element of descendants(root)) if (element.name === name) return element;
  return undefined;
}

/** Children of that name. */
export function childrenOf(element: Element | undefined, name: string): Element[] {
  return element?.children.filter(isElement).filter(child => child.name === name) ?? [];
}

export function child(element: Element | undefined, name: string): Element | undefined {
  return element?.children.find((node): node is Element => isElement(node) && node.name === name);
}

/** All text below, as written. */
export function textOf(node: Node): string {
  if (typeof node === 'string') return node;
  let text = '';
  for (const inner of node.children) text += textOf(inner);
  return text;
}

/** An attribute of XML by its local name, with whatever prefix it has; the prefixed one where both are there. */
export function attribute(element: Element | undefined, local: string): string | undefined {
  if (!element) return undefined;
  const suffix = `:${local}`;
  for (const name of Object.keys(element.attributes)) {
    if (name.endsWith(suffix)) return element.attributes[name];
  }
  return Object.hasOwn(element.attributes, local) ? element.attributes[local] : undefined;
}
