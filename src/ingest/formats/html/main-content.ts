import { descendants, type Element, find, isElement, textOf } from '../../markup.ts';

/** A <main> or <article> with less text than this is taken only where it holds most of the page. */
const ENOUGH_TEXT = 200;

const NAVIGATION_ROLES = new Set(['navigation', 'banner', 'contentinfo', 'search', 'complementary', 'menu']);
const NAVIGATION_NAMES =
  /(^|[\s_-])(nav|navbar|navigation|menu|sidebar|side-bar|breadcrumbs?|toc|pagination|pager|cookies?|consent|share|sharing|social|related|skip|footer|masthead|topbar|edit-?section|jump-?link)([\s_-]|$)/i;

/**
 * The part of a page that is its content: <main>, else the only or dominant <article>, else the body; without
 * navigation, banners, footers of the page and side columns. The tree is cut in place.
 */
export function mainContent(root: Element): Element {
  const body = find(root, 'body') ?? root;
  const main = pick(body);
  prune(main, main !== body);
  return main;
}

function pick(body: Element): Element {
  const all = [...descendants(body)];
  const mains = all.filter(({ name, attributes }) => name === 'main' || attributes.role === 'main');
  const articles = all.filter(({ name, attributes }) => name === 'article' || attributes.role === 'article');
  const total = textLength(body);
  const fits = (element: Element, share: number) => {
    const length = textLength(element);
    return length >= total * share && (length >= ENOUGH_TEXT || length >= total / 2);
  };
  const [main] = mains;
  if (main && mains.length === 1 && fits(main, 0)) return main;
  const article = articles.find(element => fits(element, 0.5));
  // Articles inside an article are its comments.
  return article ?? body;
}

/** `inside`: within <main> or <article>, where header, footer and aside belong to the content. */
function prune(element: Element, inside: boolean): void {
  element.children = element.children.filter(node => {
    if (!isElement(node)) return true;
    if (isNavigation(node, inside)) return false;
    prune(node, inside || node.name === 'article' || node.name === 'main' || node.name === 'section');
    return true;
  });
}

function isNavigation(element: Element, inside: boolean): boolean {
  const { name, attributes } = element;
  const role = attributes.role ?? '';
  if (role.startsWith('doc-') ? role === 'doc-toc' : NAVIGATION_ROLES.has(role)) return true;
  if (name === 'nav' || name === 'dialog') return true;
  if (isHidden(attributes)) return true;
  const own = `${attributes.class ?? ''} ${attributes.id ?? ''}`;
  if (NAVIGATION_NAMES.test(own) && isMostlyLinks(element)) return true;
  if (inside) return false;
  // EPUB's notes are asides of the body.
  if (name === 'aside') return attributes['epub:type'] === undefined && !role.startsWith('doc-');
  if (name === 'footer') return true;
  return name === 'header' && !find(element, 'h1');
}

function isHidden(attributes: Element['attributes']): boolean {
  return (
    attributes.hidden !== undefined ||
    attributes['aria-hidden'] === 'true' ||
    /display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all/i.test(attributes.style ?? '')
  );
}

/** More than half of its text is within links and controls, or it has hardly any. */
function isMostlyLinks(element: Element): boolean {
  const total = textLength(element);
  let linked = 0;
  for (const inner of descendants(element)) {
    if (inner.name === 'a' || inner.name === 'button' || inner.name === 'label') linked += textLength(inner);
  }
  return element.name === 'a' || total < 30 || linked > total / 2;
}

function textLength(element: Element): number {
  return textOf(element).replace(/\s+/g, ' ').length;
}
