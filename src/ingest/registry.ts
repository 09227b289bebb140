import type { Format } from './format.ts';
import { code } from './formats/code.ts';
import { csv } from './formats/csv.ts';
import { docx } from './formats/docx.ts';
import { eml } from './formats/eml.ts';
import { epub } from './formats/epub.ts';
import { html } from './formats/html.ts';
import { json, jsonLines } from './formats/json.ts';
import { markdown } from './formats/markdown.ts';
import { notebook } from './formats/notebook.ts';
import { odf } from './formats/odf.ts';
import { pdf } from './formats/pdf.ts';
import { plainText } from './formats/plain-text.ts';
import { pptx } from './formats/pptx.ts';
import { rtf } from './formats/rtf.ts';
import { subtitles } from './formats/subtitles.ts';
import { xlsx } from './formats/xlsx.ts';
import { xml } from './formats/xml.ts';
import { yaml } from './formats/yaml.ts';

/** Every format that is read; a new one is one line here. A name or extension belongs to the first that has it. */
export const formats: readonly Format[] = [
  markdown,
  plainText,
  html,
  pdf,
  docx,
  csv,
  json,
  jsonLines,
  epub,
  pptx,
  xlsx,
  odf,
  rtf,
  eml,
  notebook,
  subtitles,
  yaml,
  xml,
  code,
];

/** Everything that may be added, for a person to see and for the system to open: the formats, and archives of them. */
export const accepted: readonly Pick<Format, 'id' | 'name' | 'extensions'>[] = [
  ...formats,
  { id: 'zip', name: 'Zip archives', extensions: ['zip'] },
];
