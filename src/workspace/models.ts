import { VecdropError } from '../domain/errors.ts';
import type { ModelInfo, TokenizerSpec } from '../domain/model.ts';
import { type Recipe, VERSIONS } from '../domain/recipe.ts';
import { readModel } from '../gguf/model-info.ts';
import { readSplit } from '../gguf/split.ts';
import type { Database } from '../store/database.ts';
import { getModel, hasModel, keepModel, listModels, openModelFiles } from '../store/models.ts';
import type { ModelRecord } from '../store/schema.ts';
import { BUILT_IN_FILE, builtIn } from './built-in.ts';
import { sha256 } from './sha256.ts';
import { checkSpace } from './space.ts';

/** A model as the stages need it. */
export interface OpenModel {
  info: ModelInfo;
  tokenizer: TokenizerSpec;
  /** Several for a split GGUF, in order; none for a model behind an endpoint. */
  gguf: Blob | Blob[];
}

export interface Models {
  list(): Promise<ModelInfo[]>;
  /** What is known of a model, without its bytes. Rejects with 'model/missing'. */
  info(id: string): Promise<ModelInfo>;
  /** Rejects with 'model/missing' where it is neither built in nor kept. */
  open(id: string): Promise<OpenModel>;
  /**
   * Validates and keeps a GGUF file, or all parts of a split one. The same content again is the same model. Rejects
   * with 'model/corrupt', 'model/unsupported' (a part is missing, too), 'storage/quota'.
   */
  add(files: readonly File[]): Promise<ModelInfo>;
}

/** Opened models are remembered: of those that were added, so many. Vocabularies are large. */
const REMEMBERED = 2;

/** `baseUrl` is the page's own address: the built-in model lies beside it. */
export function createModels(db: Database, baseUrl: string): Models {
  let loadedBuiltIn: Promise<OpenModel> | undefined;
  /** Latest last. A model that was removed and added again, in any tab, has another `addedAt`. */
  const opened = new Map<string, { addedAt: number; model: Promise<OpenModel> }>();

  async function recordOf(id: string): Promise<ModelRecord> {
    const record = await getModel(db, id);
    if (record) return record;
    throw new VecdropError(
      'model/missing',
      'The model of this collection is gone from this browser. Add its file again.',
    );
  }

  function openBuiltIn(): Promise<OpenModel> {
    if (loadedBuiltIn) return loadedBuiltIn;
    const loading = loadBuiltIn(baseUrl);
    // A failure is not remembered: the next asker tries again.
    loading.catch(() => {
      loadedBuiltIn = undefined;
    });
    loadedBuiltIn = loading;
    return loading;
  }

  async function open(id: string): Promise<OpenModel> {
    if (id === builtIn.id) return openBuiltIn();
    const record = await recordOf(id);
    const known = opened.get(id);
    const model = known?.addedAt === record.addedAt ? known.model : load(record);
    opened.delete(id);
    opened.set(id, { addedAt: record.addedAt, model });
    model.catch(() => opened.delete(id));
    for (const oldest of [...opened.keys()].slice(0, -REMEMBERED)) opened.delete(oldest);
    return model;
  }

  return {
    open,
    info: async id => (id === builtIn.id ? builtIn : (await recordOf(id)).info),
    async list() {
      return [builtIn, ...(await listModels(db)).map(record => record.info)];
    },
    async add(files) {
      // A faulty file, or a missing part, is told at once, before gigabytes are hashed.
      const { name, blobs: parts } = await readSplit(files.map(file => ({ name: file.name, blob: file })));
      const read = await readModel(asGguf(parts), name, '');
      const id = await sha256(new Blob(parts));
      if (id === builtIn.id) return builtIn;
      const info = { ...read.info, id };
      if (!(await hasModel(db, id))) {
        await checkSpace(info.bytes, `“${info.name}” cannot be kept`);
        await keepModel(db, { id, info, addedAt: Date.now() }, parts);
      }
      return info;
    },
  };
}

/** The vocabulary is read from the file each time: what a later version understands better needs no migration. */
async function load(record: ModelRecord): Promise<OpenModel> {
  const { id, info } = record;
  if (info.remote) return { info, tokenizer: { kind: 'estimate' }, gguf: [] };
  const parts = await openModelFiles(record);
  return { info, tokenizer: (await readModel(asGguf(parts), info.name, id)).tokenizer, gguf: asGguf(parts) };
}

/** A model's files as they are handed on: one as such, the parts of a split one as a list. */
export const asGguf = (parts: Blob[]): Blob | Blob[] => (parts.length === 1 ? (parts[0] as Blob) : parts);

async function loadBuiltIn(baseUrl: string): Promise<OpenModel> {
  const response = await fetch(new URL(`models/${BUILT_IN_FILE}`, baseUrl)).catch(cause => {
    throw new VecdropError(
      'model/missing',
      'The built-in model could not be fetched. Check that the page is served whole, then reload.',
      cause,
    );
  });
  if (!response.ok) {
    throw new VecdropError(
      'model/missing',
      `The built-in model is not where the page expects it (${response.status}). Serve all of dist/, then reload.`,
    );
  }
  const gguf = await response.blob();
  if ((await sha256(gguf)) !== builtIn.id) {
    throw new VecdropError(
      'model/corrupt',
      'The built-in model arrived damaged. Reload the page to fetch it again.',
    );
  }
  return { ...(await readModel(gguf, BUILT_IN_FILE, builtIn.id)), gguf };
}

/**
 * The recipe of a new collection, with the prefixes that the model was trained with. MiniLM was trained on texts of up
 * to 256 tokens; 200 leaves room for a prefix.
 */
export function defaultRecipe({ id, pooling, dimensions, contextLength, prefixes }: ModelInfo): Recipe {
  const chunkSize = Math.min(200, contextLength);
  return {
    modelId: id,
    strategy: 'recursive',
    chunkSize,
    overlap: Math.floor(chunkSize / 10),
    embedHeadings: false,
    documentPrefix: prefixes?.document ?? '',
    queryPrefix: prefixes?.query ?? '',
    pooling,
    normalize: true,
    dimensions,
    versions: { ...VERSIONS },
  };
}
