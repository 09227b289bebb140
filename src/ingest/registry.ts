import type { Format } from './format.ts';
import { code } from './formats/code.ts';
import { csv } from './formats/csv.ts';
import { docx } from './formats/docx.ts';
import { html } from './formats/html.ts';
import { json, jsonLines } from './formats/json.ts';
import { markdown } from './formats/markdown.ts';
import { plainText } from './formats/plain-text.ts';

/** Every format that is read; a new one is one line here. A name or extension belongs to the first that has it. */
export const formats: readonly Format[] = [markdown, plainText, html, docx, csv, json, jsonLines, code];
