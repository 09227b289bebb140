import { toVecdropError, VecdropError } from '../domain/errors.ts';
import type { ImportMapping } from '../domain/import.ts';
import type { ModelInfo } from '../domain/model.ts';
import type { Recipe } from '../domain/recipe.ts';
import { cosine } from '../embed/compare.ts';
import type { EmbedInput } from '../embed/embedder.ts';
import { isVecdropArchive, openArchive } from '../import/archive.ts';
import { guessMapping } from '../import/mapping.ts';
import { type OpenTable, openTable, tableExtensions } from '../import/registry.ts';
import { type ImportRow, readRows } from '../import/rows.ts';
import { abortable } from '../rpc/abort-port.ts';
import { getCollection, listCollections } from '../store/collections.ts';
import type { Database } from '../store/database.ts';
import type { CollectionRecord } from '../store/schema.ts';
import { createTokenizer } from '../tokenize/create.ts';
import { fitsInto, importArchive } from './archive-import.ts';
import type { EmbedService } from './embed-service.ts';
import type { ArchiveLook, ImportsApi, ImportTarget, TableCheck, TableLook } from './imports-api.ts';
import { defaultRecipe, type Models } from './models.ts';
import { importTable } from './table-import.ts';
import { tokenizerOf } from './tokenizers.ts';

export interface ImportOptions {
  db: Database;
  models: Models;
  embedder: EmbedService;
}

/** Rows that are shown before anything is written; and those whose texts are embedded anew to see whose vectors they are. */
const SAMPLE_ROWS = 20;
const CHECKED_TEXTS = 4;
/** Numbers of a vector that a person looks at. */
const SHOWN_NUMBERS = 6;
/** Vectors of a model differ by engine and quantization, down to about .98; those of two models by far more. */
const SAME_MODEL = 0.95;

/** The workspace's methods of the Import dialog. */
export function importMethods({ db, models, embedder }: ImportOptions): ImportsApi {
  return {
    async importExtensions() {
      return [...new Set([...tableExtensions(), 'zip'])];
    },
    lookAtImport: (files, port) =>
      abortable(port, async signal => {
        const [file] = files;
        if (file && files.length === 1 && (await isVecdropArchive(file))) return lookAtArchive(file, signal);
        return lookAtTable(files, signal);
      }),
    checkTable: (files, mapping, target, port) =>
      abortable(port, async signal => check(await openTable(files, signal), mapping, target, signal)),
    checkVectors: (files, mapping, target, port) =>
      abortable(port, async signal => {
        const table = await openTable(files, signal);
        const rows = await firstRows(table, mapping, SAMPLE_ROWS, signal);
        const { recipe } = await collectionFor(table, target, rows[0]?.vector.length ?? 0);
        const model = await models.open(recipe.modelId);
        const tokenizer = tokenizerOf(model);
        const inputs: (EmbedInput & { vector: Float32Array })[] = [];
        for (const { text: bare, vector } of rows) {
          const text = recipe.documentPrefix + bare;
          const { ids } = tokenizer.encode(text);
          // Nobody's vectors are of texts that are longer: they were cut in some way that is not known.
          if (ids.length <= model.info.contextLength) inputs.push({ text, ids, vector });
          if (inputs.length === CHECKED_TEXTS) break;
        }
        if (inputs.length === 0) {
          throw new VecdropError(
            'chunk/too-long',
            `The texts are too long for ${model.info.name} to embed anew. Choose another model, or import without the check.`,
          );
        }
        const made = await embedder.embed(recipe, inputs, signal);
        const { dimensions } = recipe;
        const cosines = inputs.map(({ vector }, i) =>
          cosine(vector, made.subarray(i * dimensions, (i + 1) * dimensions)),
        );
        const least = Math.min(...cosines);
        return { texts: inputs.length, least, agree: least >= SAME_MODEL };
      }),
    importTable: (files, mapping, target, port, progress) =>
      abortable(port, async signal => {
        const table = await openTable(files, signal);
        const { problem, dimensions = 0 } = await check(table, mapping, target, signal);
        if (problem) throw new VecdropError('import/mismatch', problem.message);
        const collection = await collectionFor(table, target, dimensions);
        const created = !('collectionId' in target);
        const countTokens = await tokenCounter(collection.recipe.modelId);
        const defaultPath = files[0]?.name ?? 'import';
        return importTable(
          { db, table, mapping, defaultPath, collection, created, countTokens },
          signal,
          progress,
        );
      }),
    importArchive: (file, target, port, progress) =>
      abortable(port, signal => importArchive(db, file, target, signal, progress)),
  };

  async function lookAtArchive(file: File, signal: AbortSignal): Promise<ArchiveLook> {
    const { manifest } = await openArchive(file, signal);
    const { collection, counts, madeAt, model } = manifest;
    const there = await listCollections(db);
    const same = there.find(({ id }) => id === collection.id);
    return {
      kind: 'archive',
      name: collection.name,
      madeAt,
      files: counts.files,
      chunks: counts.chunks,
      embedded: counts.vectors,
      originals: counts.originals,
      model: { ...model, here: (await infoOf(model.id)) !== undefined },
      ...(same ? { same: { id: same.id, name: same.name } } : {}),
      fits: there.filter(record => fitsInto(manifest, record)).map(({ id }) => id),
    };
  }

  async function lookAtTable(files: File[], signal: AbortSignal): Promise<TableLook> {
    const table = await openTable(files, signal);
    const { format, columns, rows, origin } = table;
    const modelId = origin?.recipe?.modelId;
    const known = modelId === undefined ? undefined : await infoOf(modelId);
    const name = origin?.collection ?? files[0]?.name.replace(/\.[^.]+$/, '') ?? '';
    return {
      kind: 'table',
      format,
      name,
      columns,
      ...(rows === undefined ? {} : { rows }),
      mapping: guessMapping(columns),
      ...(modelId === undefined
        ? {}
        : {
            model: {
              id: modelId,
              name: known?.name ?? origin?.model ?? modelId,
              here: known !== undefined,
            },
          }),
    };
  }

  async function check(
    table: OpenTable,
    mapping: ImportMapping,
    target: ImportTarget,
    signal: AbortSignal,
  ): Promise<TableCheck> {
    let rows: ImportRow[];
    try {
      rows = await firstRows(table, mapping, SAMPLE_ROWS, signal);
    } catch (error) {
      signal.throwIfAborted();
      const { code, message } = toVecdropError(
        error,
        'import/corrupt',
        'This file cannot be read. Export it again.',
      );
      return { samples: [], problem: { code, message }, models: [], fits: [] };
    }
    const dimensions = rows[0]?.vector.length;
    if (dimensions === undefined) {
      return {
        samples: [],
        problem: { code: 'import/corrupt', message: 'There is no row in this file. Choose another one.' },
        models: [],
        fits: [],
      };
    }
    const all = await models.list();
    const fitting = all.filter(model => makes(model, dimensions)).map(({ id }) => id);
    const { recipe } = table.origin ?? {};
    if (recipe?.dimensions === dimensions && !fitting.includes(recipe.modelId)) fitting.push(recipe.modelId);
    const there = (await listCollections(db)).filter(
      collection => collection.recipe.dimensions === dimensions && !collection.nextRecipe,
    );
    const countTokens = await tokenCounter('modelId' in target ? target.modelId : undefined);
    const problem = await mismatchOf(dimensions, target, fitting);
    return {
      samples: rows.map(({ file = '', text, vector, tokens, page, headings }) => ({
        file,
        text,
        embedding: [...vector.subarray(0, SHOWN_NUMBERS)],
        tokens: tokens ?? countTokens(text),
        ...(page === undefined ? {} : { page }),
        ...(headings.length > 0 ? { headings } : {}),
      })),
      dimensions,
      ...(problem ? { problem } : {}),
      models: fitting,
      fits: there.map(({ id }) => id),
    };
  }

  /** Why vectors of so many dimensions cannot go there. */
  async function mismatchOf(dimensions: number, target: ImportTarget, fitting: readonly string[]) {
    const mismatch = (message: string) => ({ code: 'import/mismatch', message });
    if ('collectionId' in target) {
      const { name, recipe, nextRecipe } = await getCollection(db, target.collectionId);
      if (recipe.dimensions !== dimensions) {
        return mismatch(
          `These vectors have ${dimensions} dimensions, those of “${name}” ${recipe.dimensions}: they cannot stand together. Import them as a collection of their own.`,
        );
      }
      if (!nextRecipe) return undefined;
      return mismatch(`“${name}” is on its way to another recipe. Import into it when it is done.`);
    }
    if (fitting.includes(target.modelId)) return undefined;
    const info = await infoOf(target.modelId);
    return mismatch(
      info
        ? `These vectors have ${dimensions} dimensions, those of ${info.name} ${info.dimensions}: they are of another model. Choose the one that made them, or add it under Models.`
        : 'Choose the model that made these vectors.',
    );
  }

  /** The collection that vectors of so many dimensions go to, or a new one. */
  async function collectionFor(
    table: OpenTable,
    target: ImportTarget,
    dimensions: number,
  ): Promise<CollectionRecord> {
    if ('collectionId' in target) return getCollection(db, target.collectionId);
    return {
      id: crypto.randomUUID(),
      name: target.name.trim() || 'Imported',
      recipe: await recipeFor(table, target.modelId, dimensions),
      createdAt: Date.now(),
    };
  }

  /** The recipe that the file names, where it is by this model; else what is usual with the model. */
  async function recipeFor({ origin }: OpenTable, modelId: string, dimensions: number): Promise<Recipe> {
    const named = origin?.recipe?.modelId === modelId ? origin.recipe : undefined;
    return { ...(named ?? defaultRecipe(await models.info(modelId))), dimensions };
  }

  async function infoOf(id: string): Promise<ModelInfo | undefined> {
    return models.info(id).catch(() => undefined);
  }

  /** By the model's own vocabulary; where it is not here a careful estimate. */
  async function tokenCounter(modelId: string | undefined): Promise<(text: string) => number> {
    const model = modelId === undefined ? undefined : await models.open(modelId).catch(() => undefined);
    const tokenizer = model ? tokenizerOf(model) : createTokenizer({ kind: 'estimate' });
    return text => tokenizer.count(text);
  }
}

/** Whether a model's vectors may have so many dimensions. */
function makes({ dimensions, matryoshka = [] }: ModelInfo, wanted: number): boolean {
  return dimensions === wanted || matryoshka.includes(wanted);
}

async function firstRows(
  table: OpenTable,
  mapping: ImportMapping,
  most: number,
  signal: AbortSignal,
): Promise<ImportRow[]> {
  const rows: ImportRow[] = [];
  for await (const row of readRows(table, mapping, signal)) {
    rows.push(row);
    if (rows.length === most) break;
  }
  return rows;
}
