import type { Format } from './format.ts';
import { code } from './formats/code.ts';
import { markdown } from './formats/markdown.ts';
import { plainText } from './formats/plain-text.ts';

/** Every format that is read; a new one is one line here. A name or extension belongs to the first that has it. */
export const formats: readonly Format[] = [markdown, plainText, code];
