import { chroma } from './chroma.ts';
import type { Database } from './database.ts';
import { qdrant } from './qdrant.ts';

/** Every database that can be filled from the page, in the order in which they are offered. */
export const databases: readonly Database[] = [qdrant, chroma];
