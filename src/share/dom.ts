type Attributes = Record<string, string | number | boolean | undefined>;

/** An element with attributes (absent where undefined or false) and children. */
export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false)
      element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children);
  return element;
}

/** A picture of one path in a box of 24 by 24, drawn in the colour of the text. */
export function icon(path: string): SVGSVGElement {
  const space = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(space, 'svg');
  for (const [name, value] of Object.entries({ viewBox: '0 0 24 24', 'aria-hidden': 'true' })) {
    svg.setAttribute(name, value);
  }
  const line = document.createElementNS(space, 'path');
  line.setAttribute('d', path);
  svg.append(line);
  return svg;
}

/** A text with spans of it marked. */
export function marked(text: string, marks: readonly [start: number, end: number][]): Node[] {
  const nodes: Node[] = [];
  let at = 0;
  for (const [start, end] of marks) {
    nodes.push(document.createTextNode(text.slice(at, start)), make('mark', {}, text.slice(start, end)));
    at = end;
  }
  nodes.push(document.createTextNode(text.slice(at)));
  return nodes;
}
