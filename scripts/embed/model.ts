import type { EmbedArguments, WantedModel } from './arguments.ts';
import type { EmbedPage } from './page.ts';
import type { Reporter } from './work.ts';

const POLL_MS = 250;

/** Origins that the page must be allowed to connect to for a model. */
export function hostsOf(model: WantedModel | undefined): string[] {
  if (!model || 'files' in model) return [];
  return [new URL('url' in model ? model.url : model.endpoint.baseUrl).origin];
}

/** Brings the wanted model into the page and settles its engine; undefined for the built-in model. */
export async function prepareModel(
  page: EmbedPage,
  { model, engine }: Pick<EmbedArguments, 'model' | 'engine'>,
  report: Reporter,
): Promise<string | undefined> {
  const id = model && (await addModel(page, model, report));
  if (engine === undefined) return id;
  const [builtIn] = await page.ask('models');
  const modelId = id ?? builtIn?.id ?? '';
  await page.testEngines(modelId);
  const choice = await page.ask('chooseEngine', modelId, engine);
  for (const { name, outcome, tokensPerSecond, reason } of choice?.reports ?? []) {
    const speed = tokensPerSecond === undefined ? '' : `, ${Math.round(tokensPerSecond)} tokens/s`;
    report.say(`${name}: ${outcome}${speed}${reason ? ` (${reason})` : ''}`);
  }
  return id;
}

async function addModel(page: EmbedPage, model: WantedModel, report: Reporter): Promise<string> {
  if ('files' in model) return page.addModel(model.files);
  if ('url' in model) return download(page, model.url, report);
  return page.addRemoteModel({ ...model.endpoint, keepKey: false }, model.name, model.contextLength);
}

/** Waits for a download: it is gone from the list when the model is there. */
async function download(page: EmbedPage, url: string, report: Reporter): Promise<string> {
  const before = new Set((await page.ask('models')).map(({ id }) => id));
  const id = await page.ask('startDownload', { url });
  for (;;) {
    const now = (await page.ask('downloads')).find(download => download.id === id);
    if (!now) break;
    if (now.state === 'failed' || now.state === 'waiting') throw new Error(now.message);
    const { receivedBytes, totalBytes } = now;
    const share = totalBytes ? ` (${Math.floor((receivedBytes / totalBytes) * 100)} %)` : '';
    report.update(`Downloading ${now.name}: ${Math.floor(receivedBytes / 1e6)} MB${share}`);
    await new Promise(resolve => setTimeout(resolve, POLL_MS));
  }
  const models = await page.ask('models');
  // The same file as one that is there already is no new model: then it is the built-in one.
  const added = models.find(model => !before.has(model.id)) ?? models[0];
  if (!added) throw new Error('The download ended without a model.');
  return added.id;
}
