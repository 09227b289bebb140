import type { Document } from '../domain/document.ts';
import { guessLanguage } from './language.ts';
import { codePointLevel, type Level, listLevel, wordLevel } from './level.ts';
import { findLines } from './lines.ts';
import { dictionaryWordLevel, graphemeLevel } from './segmenter-level.ts';
import { sentenceLevel } from './sentences.ts';
import { type TableRules, tableRules } from './table-rules.ts';

/** A document's ways of being cut. They depend on nothing but the document, and remember what they found. */
export interface Segmentation {
  blocks: Level;
  paragraphs: Level;
  lines: Level;
  sentences: Level;
  words: Level;
  dictionaryWords: Level;
  graphemes: Level;
  codePoints: Level;
  rules: TableRules;
}

export function segment(document: Document): Segmentation {
  const { text, blocks } = document;
  const rules = tableRules(document);
  const { lines, paragraphs } = findLines(document, rules);
  return {
    blocks: listLevel(blocks.map(block => block.start)),
    paragraphs: listLevel(paragraphs),
    lines: listLevel(lines),
    sentences: sentenceLevel(document, lines),
    words: wordLevel(text),
    dictionaryWords: dictionaryWordLevel(text, document.language ?? guessLanguage(text)),
    graphemes: graphemeLevel(text),
    codePoints: codePointLevel(text),
    rules,
  };
}

/** What cuts anything that is longer than a chunk by itself, from coarse to fine. */
export function finest({ words, dictionaryWords, graphemes, codePoints }: Segmentation): Level[] {
  return [words, dictionaryWords, graphemes, codePoints];
}
