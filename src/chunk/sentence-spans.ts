import { skipBlanks, trimEnd } from './blanks.ts';
import { fill } from './fill.ts';
import { finest } from './segmentation.ts';
import type { FillContext, Span } from './strategy.ts';

/** The sentences of a document as they are embedded one by one: trimmed spans in order, none over the size. */
export function sentenceSpans(context: FillContext): Span[] {
  const { sentences, lines } = context.segmentation;
  const { text } = context.document;
  const spans: Span[] = [];
  for (let from = skipBlanks(text, 0); from < text.length; ) {
    const end = trimEnd(text, from, sentences.next(from, text.length) ?? text.length);
    if (context.fits(from, end)) spans.push({ start: from, end });
    else {
      const cuts = { levels: [lines, ...finest(context.segmentation)], topUpTo: -1, overlapLevels: [] };
      spans.push(...fill({ ...context, overlap: 0 }, cuts, { start: from, end }));
    }
    from = skipBlanks(text, end);
  }
  return spans;
}
