import { VecdropError } from '../domain/errors.ts';
import type { ModelInfo, TokenizerSpec } from '../domain/model.ts';
import { type Recipe, VERSIONS } from '../domain/recipe.ts';
import { readModel } from '../gguf/model-info.ts';
import type { Database } from '../store/database.ts';
import { keepModel, listModels, openModel } from '../store/models.ts';
import { sha256 } from './sha256.ts';

/** The model that comes with the page. */
export const BUILT_IN = {
  id: '87e8ad29d4c1ac06e8bfdaa66b3b893d4cda9c3c8d6d55d3d050b1c2c5387dc9',
  file: 'all-MiniLM-L6-v2-Q8_0.gguf',
} as const;

/** A model as the stages need it. */
export interface OpenModel {
  info: ModelInfo;
  tokenizer: TokenizerSpec;
  gguf: Blob;
}

export interface Models {
  list(): Promise<ModelInfo[]>;
  /** Rejects with 'model/missing' where it is neither built in nor kept. */
  open(id: string): Promise<OpenModel>;
  /** Validates and keeps a GGUF file. The same file again is the same model. */
  add(file: File): Promise<ModelInfo>;
}

/** `baseUrl` is the page's own address: the built-in model lies beside it. */
export function createModels(db: Database, baseUrl: string): Models {
  const opened = new Map<string, Promise<OpenModel>>();

  async function load(id: string): Promise<OpenModel> {
    if (id === BUILT_IN.id) return loadBuiltIn(baseUrl);
    const record = (await listModels(db)).find(model => model.id === id);
    if (!record) {
      throw new VecdropError(
        'model/missing',
        'The model of this collection is gone from this browser. Add its file again.',
      );
    }
    return { info: record.info, tokenizer: record.tokenizer, gguf: await openModel(id) };
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
    async list() {
      const { info } = await open(BUILT_IN.id);
      return [info, ...(await listModels(db)).map(record => record.info)];
    },
    async add(file) {
      const id = await sha256(file);
      if (id === BUILT_IN.id) return (await open(id)).info;
      const { info, tokenizer } = await readModel(file, file.name, id);
      await keepModel(db, { id, info, tokenizer, addedAt: Date.now() }, file);
      opened.delete(id);
      return info;
    },
  };
}

async function loadBuiltIn(baseUrl: string): Promise<OpenModel> {
  const response = await fetch(new URL(`models/${BUILT_IN.file}`, baseUrl)).catch(cause => {
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
  if ((await sha256(gguf)) !== BUILT_IN.id) {
    throw new VecdropError(
      'model/corrupt',
      'The built-in model arrived damaged. Reload the page to fetch it again.',
    );
  }
  return { ...(await readModel(gguf, BUILT_IN.file, BUILT_IN.id)), gguf };
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
