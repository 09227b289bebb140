import { attribute, child, type Element, isElement, textOf } from '../../markup.ts';

/** Not text: properties, deleted text, the code of fields, the older copy of a drawing. */
const SKIPPED = new Set([
  ...[
    'pPr',
    'rPr',
    'del',
    'moveFrom',
    'delText',
    'instrText',
    'delInstrText',
    'Fallback',
    'sdtPr',
    'fldData',
  ],
  ...['footnoteRef', 'endnoteRef', 'annotationRef', 'commentReference', 'rt', 'tcPr', 'sectPr'],
]);

/**
 * The words of a paragraph: line breaks as \n, tabs as tabs. Text boxes anchored in it are put into `boxes`;
 * `noteMark` gives what stands for a note ('footnotes' or 'endnotes', and its id).
 */
export function paragraphText(
  paragraph: Element,
  boxes: Element[],
  noteMark: (type: string, id: string) => string,
): string {
  const visit = (element: Element): string => {
    let text = '';
    for (const node of element.children) {
      if (!isElement(node)) continue;
      if (SKIPPED.has(node.name)) continue;
      switch (node.name) {
        case 't':
          text += textOf(node);
          break;
        case 'tab':
        case 'ptab':
          text += '\t';
          break;
        case 'br':
        case 'cr':
          text += '\n';
          break;
        case 'noBreakHyphen':
          text += '\u2011';
          break;
        case 'sym':
          text += symbol(node);
          break;
        case 'footnoteReference':
        case 'endnoteReference':
          text += noteMark(
            node.name === 'footnoteReference' ? 'footnotes' : 'endnotes',
            attribute(node, 'id') ?? '',
          );
          break;
        case 'txbxContent':
          boxes.push(node);
          break;
        case 'docPr':
          text += attribute(node, 'descr') ?? '';
          break;
        case 'r':
          if (!child(child(node, 'rPr'), 'vanish')) text += visit(node);
          break;
        case 'p':
          // A paragraph of its own, in a table or a box.
          break;
        default:
          text += visit(node);
      }
    }
    return text;
  };
  return visit(paragraph);
}

/** A sign of a symbol font; those of Unicode's private area cannot be known. */
function symbol(node: Element): string {
  const code = Number.parseInt(attribute(node, 'char') ?? '', 16);
  return Number.isNaN(code) || (code >= 0xe000 && code <= 0xf8ff) ? '' : String.fromCodePoint(code);
}
