import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** What runs from right to left, as source. */
const RTL = '/[\\u0590-\\u08ff\\ufb1d-\\ufdff\\ufe70-\\ufefc]/';

/** What is written otherwise in the library, and how. */
const CHANGES: readonly [string, string][] = [
  // It tells of a marked piece of a page only its id and name, and not what the file says that its glyphs read.
  [
    'type: "beginMarkedContentProps",\n                id:',
    `type: "beginMarkedContentProps",
                actualText: args[1] instanceof Dict && typeof args[1].get("ActualText") === "string" ? stringToPDFString(args[1].get("ActualText")) : undefined,
                id:`,
  ],
  // It takes a glyph for a mark without a width if any of its characters is one: half letters of Devanagari are none.
  ['"^(\\\\s)|(\\\\p{Mn})|(\\\\p{Cf})$"', '"^(\\\\s)|^(\\\\p{Mn})$|^(\\\\p{Cf})$"'],
  // It turns the order of characters around where they run from right to left, and so those of a ligature.
  [
    'textChunk.str.push(glyphUnicode);',
    `textChunk.str.push(glyphUnicode.length > 1 && ${RTL}.test(glyphUnicode) ? Array.from(glyphUnicode).reverse().join("") : glyphUnicode);`,
  ],
  // It joins words over gaps in which signs of another font stand, from right to left, too.
  [
    'width <= textOrientation * textContentItem.spaceInFlowMax) {',
    `width <= textOrientation * textContentItem.spaceInFlowMax && !${RTL}.test(textContentItem.str?.at(-1) ?? "")) {`,
  ],
];

/**
 * The path of pdf.js's worker as this project uses it: with the text that a file gives for glyphs which stand for no
 * characters by themselves (ActualText; ISO 32000-1, 14.9.4), without which scripts of South and Southeast Asia cannot
 * be read, and with words from right to left one by one. Throws where the library is no longer written as this expects.
 */
export function pdfWorkerWithText(): string {
  const original = createRequire(import.meta.url).resolve('pdfjs-dist/legacy/build/pdf.worker.mjs');
  let source = readFileSync(original, 'utf8');
  for (const [from, to] of CHANGES) {
    if (source.split(from).length !== 2)
      throw new Error(`${original} has changed: see scripts/pdf-library.ts.`);
    source = source.replace(from, () => to);
  }
  const path = join(import.meta.dirname, '../node_modules/.cache/pdf/pdf.worker.mjs');
  mkdirSync(dirname(path), { recursive: true });
  // Renamed into its place: several builds may run at once.
  writeFileSync(`${path}.${process.pid}`, source);
  renameSync(`${path}.${process.pid}`, path);
  return path;
}
