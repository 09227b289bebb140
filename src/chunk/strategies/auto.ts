import type { Document } from '../../domain/document.ts';
import type { Strategy } from '../strategy.ts';
import { recursive } from './recursive.ts';

/** Picks the strategy that suits a document's structure. */
export const auto: Strategy = {
  id: 'auto',
  name: 'Automatic',
  description:
    'Looks at each file: rows for tables, definitions for code, sections for documents with headings.',
  sizes: true,
  overlaps: true,
  pick: pickStrategy,
  split: context => recursive.split(context),
};

/** The id of the strategy for a document: by what most of its text is. */
export function pickStrategy({ blocks }: Document): string {
  const units: Record<string, number> = {};
  let all = 0;
  for (const { kind, start, end } of blocks) {
    units[kind] = (units[kind] ?? 0) + end - start;
    all += end - start;
  }
  const share = (kind: string) => (units[kind] ?? 0) / all;
  if (all === 0) return 'recursive';
  if (share('row') > 0.5) return 'row';
  if (share('code') > 0.8 && !units.heading) return 'code';
  return units.heading || units.table || units.code ? 'markdown' : 'recursive';
}
