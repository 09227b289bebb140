import type { ExportFormat } from './format.ts';
import { json } from './formats/json.ts';
import { jsonl } from './formats/jsonl.ts';

/** Every export format, in the order in which they are offered. */
export const exportFormats: readonly ExportFormat[] = [json, jsonl];
