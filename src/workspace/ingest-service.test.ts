import { openAsBlob } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { prepareDocument } from '../chunk/chunk-document.ts';
import { type Document, toPages } from '../domain/document.ts';
import type { TokenizerSpec } from '../domain/model.ts';
import { type Recipe, VERSIONS } from '../domain/recipe.ts';
import { readModel } from '../gguf/model-info.ts';
import { createTokenizer } from '../tokenize/create.ts';
import { type DocumentParts, IngestService } from './ingest-service.ts';

const CONTEXT = 512;
let spec: TokenizerSpec;
beforeAll(async () => {
  const blob = await openAsBlob('public/models/all-MiniLM-L6-v2-Q8_0.gguf');
  spec = (await readModel(blob, 'all-MiniLM-L6-v2-Q8_0.gguf', 'test')).tokenizer;
});

const recipe: Recipe = {
  modelId: 'm',
  strategy: 'recursive',
  chunkSize: 48,
  overlap: 8,
  embedHeadings: false,
  documentPrefix: '',
  queryPrefix: '',
  pooling: 'mean',
  normalize: true,
  dimensions: 384,
  versions: VERSIONS,
};

/** Sections with headings; texts of two names differ in nothing else. */
function documentOf(name: string): Document {
  const blocks: Document['blocks'] = [];
  let text = '';
  for (let section = 1; section <= 40; section++) {
    const start = text.length;
    text += `${name}, section ${section}`;
    blocks.push({ start, end: text.length, kind: 'heading', level: (section % 3) + 1 });
    text += `\n\nMr. Brown paid 3.50 for item ${section}. It was raining — nobody minded.\nThe train left at ${section}:15.\n\n`;
  }
  return { text, blocks };
}

const partsOf = ({ text, ...rest }: Document): DocumentParts => ({
  ...rest,
  length: text.length,
  pages: toPages(text),
});

const fresh = (document: Document, changed: Recipe) =>
  prepareDocument(document, createTokenizer(spec), CONTEXT).columns(changed);

function opened(contextLength = CONTEXT): IngestService {
  const service = new IngestService();
  service.open(spec, contextLength);
  return service;
}

describe('a text that is chunked again', () => {
  it('has the chunks of a fresh reading, however the recipe was moved before', async () => {
    const service = opened();
    const document = documentOf('Rivers');
    await service.rechunk('a', recipe, undefined, partsOf(document));
    const moves: Partial<Recipe>[] = [
      { chunkSize: 24, overlap: 0 },
      { chunkSize: 130, overlap: 30 },
      { documentPrefix: 'passage: ' },
      { documentPrefix: 'passage: ', embedHeadings: true },
      { strategy: 'sentence' },
      { strategy: 'markdown', chunkSize: 64 },
      { strategy: 'auto' },
      { strategy: 'whole' },
      {},
    ];
    for (const move of moves) {
      const moved = { ...recipe, ...move };
      expect(await service.rechunk('a', moved)).toEqual(await fresh(document, moved));
    }
  });

  it('is asked for where another text was the last', async () => {
    const service = opened();
    const [rivers, trains] = [documentOf('Rivers'), documentOf('Trains')];
    expect(await service.rechunk('a', recipe)).toBeUndefined();
    await service.rechunk('a', recipe, undefined, partsOf(rivers));
    await service.rechunk('b', recipe, undefined, partsOf(trains));
    expect(await service.rechunk('a', recipe)).toBeUndefined();
    expect(await service.rechunk('b', recipe)).toEqual(await fresh(trains, recipe));
  });

  it('is counted anew with another model', async () => {
    const service = opened();
    await service.rechunk('a', { ...recipe, strategy: 'whole' }, undefined, partsOf(documentOf('Rivers')));
    service.open(spec, 64);
    expect(await service.rechunk('a', { ...recipe, strategy: 'whole' })).toBeUndefined();
  });

  it('is not held while a file is read', async () => {
    const service = opened();
    await service.rechunk('a', recipe, undefined, partsOf(documentOf('Rivers')));
    await service.read(new Blob(['A short note.']), 'note.txt', recipe);
    expect(await service.rechunk('a', recipe)).toBeUndefined();
  });

  it('fails by itself where a size cannot be, and is held for the next', async () => {
    const service = opened();
    const document = documentOf('Rivers');
    await service.rechunk('a', recipe, undefined, partsOf(document));
    const tooLong = { ...recipe, documentPrefix: 'many words '.repeat(40) };
    await expect(service.rechunk('a', tooLong)).rejects.toMatchObject({ name: 'chunk/too-long' });
    expect(await service.rechunk('a', recipe)).toEqual(await fresh(document, recipe));
  });
});
