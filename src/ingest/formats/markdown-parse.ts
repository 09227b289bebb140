import type { Nodes } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { frontmatterFromMarkdown } from 'mdast-util-frontmatter';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { frontmatter } from 'micromark-extension-frontmatter';
import { gfm } from 'micromark-extension-gfm';
import type { Block, BlockKind } from '../../domain/document.ts';

const KINDS: Partial<Record<Nodes['type'], BlockKind>> = {
  heading: 'heading',
  list: 'list',
  table: 'table',
  code: 'code',
  blockquote: 'quote',
  yaml: 'code',
};

/** What stands within lines does not decide which blocks there are, and takes half of the parser's time. */
const { text: _, ...blocksOfGfm } = gfm();
const noInline = {
  disable: {
    null: [
      'attention',
      'autolink',
      'characterEscape',
      'characterReference',
      'codeText',
      'hardBreakEscape',
      'htmlText',
      'labelEnd',
      'labelStartImage',
      'labelStartLink',
    ],
  },
};

/** The blocks of a text's top level, by GitHub's Markdown with front matter. */
export function parseMarkdown(text: string): Block[] {
  const root = fromMarkdown(text, {
    extensions: [blocksOfGfm, frontmatter(['yaml', 'toml']), noInline],
    mdastExtensions: [gfmFromMarkdown(), frontmatterFromMarkdown(['yaml', 'toml'])],
  });
  return root.children.flatMap(node => {
    const start = node.position?.start.offset;
    const end = node.position?.end.offset;
    if (start === undefined || end === undefined) return [];
    const kind = KINDS[node.type] ?? 'paragraph';
    return [{ start, end, kind, ...(node.type === 'heading' ? { level: node.depth } : {}) }];
  });
}
