import type { Block } from '../../domain/document.ts';
import type { Format } from '../format.ts';
import { scanMarkdown } from './markdown-scan.ts';

/** UTF-16 units of a text, and of a line, above which the parser takes seconds: the outline is scanned instead. */
const PARSER_LIMIT = { text: 500_000, line: 10_000 };

/** Markdown with GitHub's tables and front matter. The text is the source; blocks are those of the top level. */
export const markdown: Format = {
  id: 'markdown',
  name: 'Markdown',
  extensions: ['md', 'markdown', 'mdown', 'mkd', 'mkdn', 'mdx', 'qmd'],
  async parse(source) {
    const text = source.text();
    const blocks = isQuickToParse(text) ? await parseBlocks(text) : scanMarkdown(text);
    const title = frontMatterValue(text, 'title') ?? firstHeading(text, blocks);
    const language = languageTag(frontMatterValue(text, 'lang') ?? frontMatterValue(text, 'language'));
    return { text, blocks, ...(title ? { title } : {}), ...(language ? { language } : {}) };
  },
};

function isQuickToParse(text: string): boolean {
  return text.length <= PARSER_LIMIT.text && text.split('\n').every(line => line.length <= PARSER_LIMIT.line);
}

/** The parser comes with the first file that needs it: the registry is read by those who only want names. */
async function parseBlocks(text: string): Promise<Block[]> {
  const { parseMarkdown } = await import('./markdown-parse.ts');
  return parseMarkdown(text);
}

/** A plain `key: value` (or TOML's `key = value`) of the front matter, without its quotes. */
function frontMatterValue(text: string, key: string): string | undefined {
  const matter = /^(---|\+\+\+)[^\S\n]*\n([\s\S]*?)\n\1[^\S\n]*(\n|$)/.exec(text.slice(0, 65_536))?.[2];
  const value = matter && new RegExp(`^${key}[^\\S\\n]*[:=][^\\S\\n]*(.+)$`, 'im').exec(matter)?.[1]?.trim();
  return value ? value.replace(/^(["'])(.*)\1$/, '$2').trim() || undefined : undefined;
}

function firstHeading(text: string, blocks: readonly Block[]): string | undefined {
  const block = blocks.find(({ kind, level }) => kind === 'heading' && level === 1);
  const line = block && text.slice(block.start, block.end).split('\n', 1)[0];
  return line?.replace(/^#+\s+|\s+#+\s*$/g, '').trim() || undefined;
}

function languageTag(value: string | undefined): string | undefined {
  try {
    return value && Intl.getCanonicalLocales(value)[0];
  } catch {
    return undefined;
  }
}
