import { VecdropError } from '../domain/errors.ts';
import { asModels, listFiles } from '../download/repository.ts';
import { retrying } from '../download/retry.ts';
import { HUGGING_FACE, readRepo } from '../download/source.ts';
import { abortable } from '../rpc/abort-port.ts';
import { listAllCollections } from '../store/collections.ts';
import type { Database } from '../store/database.ts';
import { listModels, removeModel } from '../store/models.ts';
import { builtIn } from './built-in.ts';
import type { Downloads } from './downloads.ts';
import type { HostGate } from './hosts.ts';
import type { Models } from './models.ts';
import type { ModelEntry, ModelsApi } from './models-api.ts';

export interface ModelMethodsOptions {
  db: Database;
  models: Models;
  gate: HostGate;
  downloads: Downloads;
  /** Where Hugging Face is; another address in tests. */
  base?: string;
}

type ModelMethods = Pick<
  ModelsApi,
  | 'modelEntries'
  | 'addModelFiles'
  | 'removeModel'
  | 'repoFiles'
  | 'downloads'
  | 'startDownload'
  | 'resumeDownload'
  | 'cancelDownload'
  | 'hosts'
  | 'allowHost'
  | 'forgetHost'
>;

/** What the Models panel asks about models, where they come from, and hosts. */
export function createModelMethods({
  db,
  models,
  gate,
  downloads,
  base = HUGGING_FACE,
}: ModelMethodsOptions): ModelMethods {
  return {
    modelEntries: () => modelEntries(db),
    addModelFiles: models.add,
    async removeModel(id) {
      if (id === builtIn.id) {
        throw new VecdropError(
          'input/invalid',
          'The built-in model is a part of this page and stays with it.',
        );
      }
      const { name } = await models.info(id);
      const needing = await removeModel(db, id);
      if (needing.length > 0) throw inUse(name, needing);
    },
    repoFiles: (repo, port) =>
      abortable(port, async signal => {
        const source = { repo: readRepo(repo, base), revision: 'main' };
        return asModels(
          await retrying(() => listFiles(source, gate.fetch, signal, base), { signal, tries: 2 }),
        );
      }),
    downloads: downloads.list,
    startDownload: downloads.start,
    resumeDownload: downloads.resume,
    cancelDownload: downloads.cancel,
    hosts: gate.list,
    allowHost: gate.allow,
    forgetHost: gate.forget,
  };
}

async function modelEntries(db: Database): Promise<ModelEntry[]> {
  const [records, collections] = await Promise.all([listModels(db), listAllCollections(db)]);
  const usedBy = (id: string) =>
    collections
      .filter(({ recipe, nextRecipe }) => recipe.modelId === id || nextRecipe?.modelId === id)
      .map(({ name }) => name);
  return [
    { info: builtIn, source: 'built-in', usedBy: usedBy(builtIn.id) },
    ...records
      .sort((a, b) => a.addedAt - b.addedAt)
      .map(
        ({ id, info, addedAt, source }): ModelEntry => ({
          info,
          source: info.remote ? 'remote' : 'kept',
          usedBy: usedBy(id),
          addedAt,
          ...(source ? { from: source } : {}),
        }),
      ),
  ];
}

function inUse(name: string, needing: readonly string[]): VecdropError {
  const names = needing.map(collection => `“${collection}”`);
  const list = names.length === 1 ? names[0] : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
  return new VecdropError(
    'model/in-use',
    `“${name}” is needed by ${names.length === 1 ? 'the collection' : 'the collections'} ${list}. Give ${names.length === 1 ? 'it' : 'them'} another model, or remove ${names.length === 1 ? 'it' : 'them'}; a removed collection needs its model until it can no longer be restored, half a minute later.`,
  );
}
