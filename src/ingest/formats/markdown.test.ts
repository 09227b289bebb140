import fc from 'fast-check';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { frontmatterFromMarkdown } from 'mdast-util-frontmatter';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { frontmatter } from 'micromark-extension-frontmatter';
import { gfm } from 'micromark-extension-gfm';
import { expect, it } from 'vitest';
import { parseMarkdown } from './markdown-parse.ts';

const PIECES = [
  ...['a ', '**b** ', '*', '`', '``` ', '~~', 'www.a.de', '\\', '&amp;', '<b>', '![', '](u)', '[x]', '[^1]'],
  ...[
    '[x]: /u',
    '[^1]: n',
    '|',
    '| - | - |',
    '---',
    '===',
    '# ',
    '- ',
    '- [ ] ',
    '1. ',
    '> ',
    '<div>',
    '<!-- ',
    '-->',
  ],
  ...['\n', '\n\n', '\t', '    ', '  '],
];

it('finds the blocks that the whole grammar finds, marks within lines or not', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...PIECES), { maxLength: 30 }), pieces => {
      const text = pieces.join('');
      const { children } = fromMarkdown(text, {
        extensions: [gfm(), frontmatter(['yaml', 'toml'])],
        mdastExtensions: [gfmFromMarkdown(), frontmatterFromMarkdown(['yaml', 'toml'])],
      });
      const expected = children.map(({ position }) => [position?.start.offset, position?.end.offset]);
      expect(parseMarkdown(text).map(({ start, end }) => [start, end])).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});
