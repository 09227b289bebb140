import { type Element, isElement, textOf } from '../../markup.ts';
import type { Json, Members } from '../json/value.ts';

/** Attributes that say something of the writing and not of what is written. */
const WRITING = /^xmlns(?::|$)|^xsi:|^xml:(?:space|base)$/;

/**
 * An element as keys and values: its attributes, then its elements by name; those of one name in a row are a list.
 * Text beside them, or beside attributes, has the empty key. Words with elements among them are one text.
 */
export function asData(element: Element): Json {
  const attributes = Object.entries(element.attributes).filter(
    ([name, value]) => !WRITING.test(name) && value.trim() !== '',
  );
  const inner = contentOf(element);
  if (attributes.length === 0) return inner;
  const members: Members['members'] = attributes.map(([name, value]) => [name, value.trim()]);
  if (typeof inner === 'string') {
    if (inner !== '') members.push(['', inner]);
  } else if (Array.isArray(inner)) {
    members.push([element.children.find(isElement)?.name ?? '', inner]);
  } else if ('members' in inner) members.push(...inner.members);
  return { members };
}

function contentOf(element: Element): Json {
  const elements = element.children.filter(isElement);
  const hasText = element.children.some(node => !isElement(node) && /\S/.test(node));
  if (elements.length === 0 || hasText) return textOf(element).replace(/\s+/g, ' ').trim();
  const members: Members['members'] = [];
  for (let i = 0; i < elements.length; ) {
    const { name } = elements[i] as Element;
    let end = i + 1;
    while (elements[end]?.name === name) end++;
    const values = elements.slice(i, end).map(asData);
    members.push([name, values.length === 1 ? (values[0] as Json) : values]);
    i = end;
  }
  const [only] = members;
  // The name of a list of all of one kind says enough.
  return members.length === 1 && only && Array.isArray(only[1]) ? only[1] : { members };
}
