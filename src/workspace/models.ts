import { VecdropError } from '../domain/errors.ts';
import type { ModelInfo, TokenizerSpec } from '../domain/model.ts';
import { type Recipe, VERSIONS } from '../domain/recipe.ts';
import { readModel } from '../gguf/model-info.ts';
import type { Database } from '../store/database.ts';
import { keepModel, listModels, openModel } from '../store/models.ts';
import { BUILT_IN_FILE, builtIn } from './built-in.ts';
import { sha256 } from './sha256.ts';

/** A model as the stages need it. */
export interface OpenModel {
  info: ModelInfo;
  tokenizer: TokenizerSpec;
  gguf: Blob;
}

export interface Models {
  list(): Promise<ModelInfo[]>;
  /** What is known of a model, without its bytes. Rejects with 'model/missing'. */
  info(id: string): Promise<ModelInfo>;
  /** Rejects with 'model/missing' where it is neither built in nor kept. */
  open(id: string): Promise<OpenModel>;
  /** Validates and keeps a GGUF file. The same file again is the same model. */
  add(file: File): Promise<ModelInfo>;
}

/** `baseUrl` is the page's own address: the built-in model lies beside it. */
export function createModels(db: Database, baseUrl: string): Models {
  const opened = new Map<string, Promise<OpenModel>>();

  async function load(id: string): Promise<OpenModel> {
    if (id === builtIn.id) return loadBuiltIn(baseUrl);
    const { info, tokenizer } = await recordOf(id);
    return { info, tokenizer, gguf: await openModel(id) };
  }

  async function recordOf(id: string) {
    const record = (await listModels(db)).find(model => model.id === id);
    if (!record) {
      throw new VecdropError(
        'model/missing',
        'The model of this collection is gone from this browser. Add its file again.',
      );
    }
    return record;
  }

  function open(id: string): Promise<OpenModel> {
    let model = opened.get(id);
    if (!model) {
      model = load(id);
      // A failure is not remembered: the next asker tries again.
      model.catch(() => opened.delete(id));
      opened.set(id, model);
    }
    return model;
  }

  return {
    open,
    info: async id => (id === builtIn.id ? builtIn : (await recordOf(id)).info),
    async list() {
      return [builtIn, ...(await listModels(db)).map(record => record.info)];
    },
    async add(file) {
      const id = await sha256(file);
      if (id === builtIn.id) return builtIn;
      const { info, tokenizer } = await readModel(file, file.name, id);
      await keepModel(db, { id, info, tokenizer, addedAt: Date.now() }, file);
      opened.delete(id);
      return info;
    },
  };
}

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

/** The recipe of a new collection. MiniLM was trained on texts of up to 256 tokens; 200 leaves room for a prefix. */
export function defaultRecipe({ id, pooling, dimensions, contextLength }: ModelInfo): Recipe {
  const chunkSize = Math.min(200, contextLength);
  return {
    modelId: id,
    strategy: 'recursive',
    chunkSize,
    overlap: Math.floor(chunkSize / 10),
    embedHeadings: false,
    documentPrefix: '',
    queryPrefix: '',
    pooling,
    normalize: true,
    dimensions,
    versions: { ...VERSIONS },
  };
}
