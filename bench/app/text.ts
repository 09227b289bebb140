import { chunkDocument } from '../../src/chunk/chunk-document.ts';
import { readModel } from '../../src/gguf/model-info.ts';
import { createTokenizer } from '../../src/tokenize/create.ts';

/** A file as people have them; a text is cut into such for chunking, into paragraphs for tokenizing. */
const FILE_CHARACTERS = 100_000;

/**
 * Tokenizes and chunks a text, in whatever runtime this is called, `rounds` times and once before to warm up.
 * `mark` hears 'tokenize:start', 'tokenize:end', 'chunk:start' and 'chunk:end' of every round but the first.
 */
export async function workThrough(
  gguf: Blob,
  text: string,
  rounds: number,
  mark: (name: string) => void,
): Promise<void> {
  const { info, tokenizer: spec } = await readModel(gguf, 'model.gguf', '');
  const paragraphs = text.split('\n\n');
  const files: string[] = [];
  for (let at = 0; at < text.length; at += FILE_CHARACTERS) files.push(text.slice(at, at + FILE_CHARACTERS));
  const recipe = {
    strategy: 'recursive',
    chunkSize: 200,
    overlap: 20,
    documentPrefix: '',
    embedHeadings: false,
  } as const;
  for (let round = 0; round <= rounds; round++) {
    const during = (name: string, work: () => void) => {
      if (round > 0) mark(`${name}:start`);
      work();
      if (round > 0) mark(`${name}:end`);
    };
    // A new tokenizer each time: what it remembers of words it has to learn again.
    const tokenizer = createTokenizer(spec);
    during('tokenize', () => {
      for (const paragraph of paragraphs) tokenizer.encode(paragraph);
    });
    const chunker = createTokenizer(spec);
    during('chunk', () => {
      for (const file of files) {
        chunkDocument({ text: file, blocks: [] }, recipe, chunker, info.contextLength);
      }
    });
  }
}
