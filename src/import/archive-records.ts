import type {
  ArchivedChunk,
  ArchivedDocument,
  ArchivedFile,
  ArchivedGeneration,
  ArchiveManifest,
} from '../domain/archive.ts';
import type { FileState } from '../domain/collection.ts';
import type { Block, BlockKind } from '../domain/document.ts';
import { VecdropError } from '../domain/errors.ts';
import type { Pooling } from '../domain/model.ts';
import type { Recipe } from '../domain/recipe.ts';
import { type Fields, fieldsOf, numberOf, textOf } from './fields.ts';

const STATES: readonly FileState[] = ['waiting', 'reading', 'embedding', 'done', 'failed', 'cancelled'];
const KINDS: readonly BlockKind[] = ['heading', 'paragraph', 'list', 'table', 'code', 'quote', 'row'];
const POOLINGS: readonly Pooling[] = ['mean', 'cls', 'last'];

/** vecdrop.json. Throws 'import/corrupt'. */
export function readManifest(json: string): ArchiveManifest {
  try {
    const all = fieldsOf(JSON.parse(json));
    const collection = all.record('collection');
    const model = all.record('model');
    const counts = all.record('counts');
    return {
      format: all.one('format', ['vecdrop-archive']),
      version: all.number('version'),
      madeBy: all.text('madeBy'),
      madeAt: all.number('madeAt'),
      collection: {
        id: collection.text('id'),
        name: collection.text('name'),
        createdAt: collection.number('createdAt'),
        recipe: recipeOf(collection.record('recipe')),
        ...collection.maybe('nextRecipe', name => recipeOf(collection.record(name))),
      },
      model: { id: model.text('id'), name: model.text('name'), dimensions: model.number('dimensions') },
      counts: {
        files: counts.number('files'),
        generations: counts.number('generations'),
        documents: counts.number('documents'),
        chunks: counts.number('chunks'),
        vectors: counts.number('vectors'),
        originals: counts.number('originals'),
        originalBytes: counts.number('originalBytes'),
      },
    };
  } catch (error) {
    throw new VecdropError(
      'import/corrupt',
      'This is no archive of Vecdrop’s, or its vecdrop.json was changed so that it makes no sense. Export the collection again.',
      error,
    );
  }
}

/** A recipe as any export of ours holds it. Throws TypeError. */
export function recipeOf(fields: Fields): Recipe {
  const versions = fields.record('versions');
  return {
    modelId: fields.text('modelId'),
    strategy: fields.text('strategy'),
    chunkSize: fields.number('chunkSize'),
    overlap: fields.number('overlap'),
    ...fields.maybe('breakPercentile', fields.number),
    ...fields.maybe('leastSize', fields.number),
    embedHeadings: fields.flag('embedHeadings'),
    documentPrefix: fields.text('documentPrefix'),
    queryPrefix: fields.text('queryPrefix'),
    pooling: fields.one('pooling', POOLINGS),
    normalize: fields.flag('normalize'),
    dimensions: fields.number('dimensions'),
    versions: {
      parser: versions.number('parser'),
      chunker: versions.number('chunker'),
      tokenizer: versions.number('tokenizer'),
    },
  };
}

export function reviveFile(value: unknown): ArchivedFile {
  const file = fieldsOf(value);
  return {
    id: file.text('id'),
    path: file.text('path'),
    bytes: file.number('bytes'),
    sha256: file.text('sha256'),
    ...file.maybe('modifiedAt', file.number),
    addedAt: file.number('addedAt'),
    ...file.maybe('format', file.text),
    state: file.one('state', STATES),
    queued: file.flag('queued'),
    attempts: file.number('attempts'),
    ...file.maybe('error', name => {
      const error = file.record(name);
      return {
        code: error.text('code'),
        message: error.text('message'),
        ...error.maybe('detail', error.text),
      };
    }),
    ...file.maybe('upload', name => {
      const upload = file.record(name);
      return {
        filename: upload.text('filename'),
        purpose: upload.text('purpose'),
        ...upload.maybe('from', upload.text),
      };
    }),
    ...file.maybe('current', file.text),
    ...file.maybe('growing', file.text),
    ...file.maybe('original', name => {
      const original = file.record(name);
      return { entry: original.text('entry'), plain: original.flag('plain') };
    }),
  };
}

export function reviveGeneration(value: unknown): ArchivedGeneration {
  const generation = fieldsOf(value);
  return {
    id: generation.text('id'),
    document: generation.text('document'),
    sha256: generation.text('sha256'),
    parser: generation.number('parser'),
    recipeKey: generation.text('recipeKey'),
    embeddingKey: generation.text('embeddingKey'),
    chunks: generation.number('chunks'),
    done: generation.number('done'),
    tokens: generation.number('tokens'),
    unknown: generation.number('unknown'),
    pages: generation.number('pages'),
    ...generation.maybe('notice', generation.text),
    dimensions: generation.number('dimensions'),
    blocks: generation.list('blocks', numberOf),
    headingPaths: generation.list('headingPaths', textsOf),
    ...generation.maybe('contexts', name => generation.list(name, textOf)),
    ...generation.maybe('picked', generation.text),
  };
}

export function reviveDocument(value: unknown): ArchivedDocument {
  const line = fieldsOf(value);
  const document = line.text('document');
  const { page } = line.maybe('page', line.number);
  if (page !== undefined) return { document, page, text: line.text('text') };
  return {
    document,
    length: line.number('length'),
    ...line.maybe('title', line.text),
    ...line.maybe('language', line.text),
    ...line.maybe('notice', line.text),
    blocks: line.list('blocks', blockOf),
  };
}

export function reviveChunk(value: unknown): ArchivedChunk {
  const chunk = fieldsOf(value);
  return {
    generation: chunk.text('generation'),
    ordinal: chunk.number('ordinal'),
    start: chunk.number('start'),
    end: chunk.number('end'),
    tokens: chunk.number('tokens'),
    unknown: chunk.number('unknown'),
    page: chunk.number('page'),
    heading: chunk.number('heading'),
    ...chunk.maybe('context', chunk.number),
    hash: chunk.text('hash'),
  };
}

function blockOf(value: unknown): Block {
  const block = fieldsOf(value);
  return {
    start: block.number('start'),
    end: block.number('end'),
    kind: block.one('kind', KINDS),
    ...block.maybe('level', block.number),
    ...block.maybe('page', block.number),
  };
}

function textsOf(value: unknown): string[] {
  if (!Array.isArray(value)) throw new TypeError('no list of texts');
  return value.map(textOf);
}
