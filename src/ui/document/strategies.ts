import type { StrategyName } from '../../domain/recipe.ts';

/** The chunking strategies as a person chooses among them. */
export const STRATEGIES: readonly {
  id: StrategyName;
  name: string;
  description: string;
  /** Whether the overlap has a say. */
  overlaps: boolean;
}[] = [
  {
    id: 'recursive',
    name: 'Recursive',
    description: 'Cuts at paragraphs, then lines, sentences and words, as the chunk size demands.',
    overlaps: true,
  },
  {
    id: 'whole',
    name: 'Whole file',
    description: 'One chunk a file; a file longer than the chunk size is split.',
    overlaps: false,
  },
];
