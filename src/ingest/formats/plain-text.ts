import type { Format } from '../format.ts';

/** Anything that reads as text. It says nothing of its structure, so there are no blocks. */
export const plainText: Format = {
  id: 'plain-text',
  name: 'Plain text',
  extensions: ['txt', 'text', 'log', 'rst', 'adoc', 'asciidoc', 'org', 'textile'],
  names: [
    'readme',
    'license',
    'licence',
    'copying',
    'authors',
    'changelog',
    'changes',
    'news',
    'notice',
    'todo',
  ],
  parse: source => ({ text: source.text(), blocks: [] }),
};
