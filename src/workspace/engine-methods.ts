import { VecdropError } from '../domain/errors.ts';
import { abortable } from '../rpc/abort-port.ts';
import type { CallLogBook } from './call-log.ts';
import type { EngineChoices } from './engine-choice.ts';
import type { Engines } from './engines.ts';
import { defaultRecipe, type Models } from './models.ts';
import type { ModelsApi } from './models-api.ts';
import type { RemoteModels } from './remote-models.ts';

export interface EngineMethodsOptions {
  models: Models;
  engines: Engines;
  choices: EngineChoices;
  remote: RemoteModels;
  calls: CallLogBook;
}

type EngineMethods = Pick<
  ModelsApi,
  | 'remoteModels'
  | 'addRemoteModel'
  | 'setRemoteKey'
  | 'engineChoice'
  | 'testEngines'
  | 'chooseEngine'
  | 'callLog'
>;

/** What the page asks of the engines. */
export function engineMethods({
  models,
  engines,
  choices,
  remote,
  calls,
}: EngineMethodsOptions): EngineMethods {
  async function test(modelId: string, signal: AbortSignal) {
    return engines.test(defaultRecipe(await models.info(modelId)), signal);
  }
  return {
    remoteModels: remote.remoteModels,
    addRemoteModel: remote.addRemoteModel,
    setRemoteKey: remote.setRemoteKey,
    engineChoice: choices.get,
    testEngines: (modelId, port) => abortable(port, signal => test(modelId, signal)),
    async chooseEngine(modelId, engine) {
      if ((await models.info(modelId)).remote) {
        throw new VecdropError(
          'input/invalid',
          'This model runs on its endpoint; there is no engine to choose.',
        );
      }
      // Only what was tested can be chosen.
      if (engine !== 'auto' && !(await choices.get(modelId)))
        await test(modelId, new AbortController().signal);
      return choices.choose(modelId, engine);
    },
    callLog: async () => calls.list(),
  };
}
