import { VecdropError } from '../domain/errors.ts';
import type { AppParts } from '../export/format.ts';
import { builtIn } from './built-in.ts';
import type { Models } from './models.ts';

/** Gives what of the app an export of a collection with this model may take along. */
export type PartsFor = (modelId: string) => AppParts;

/** `baseUrl` is the page's own address: the app's files lie beside it, offline too. */
export function createPartsFor(models: Pick<Models, 'open'>, baseUrl: string): PartsFor {
  async function* file(path: string) {
    yield* stream((await fetchFile(new URL(path, baseUrl))).body);
  }
  async function* model() {
    // Opened, its bytes are known to be right.
    const { gguf } = await models.open(builtIn.id);
    yield* stream(new Blob([gguf].flat()).stream());
  }
  return modelId => ({
    file,
    ...(modelId === builtIn.id ? { model: { bytes: builtIn.bytes, read: model } } : {}),
  });
}

/** The same with nothing in place of the model, of its size: to measure what an export will be. */
export function measured(parts: AppParts): AppParts {
  const { model } = parts;
  if (!model) return parts;
  return {
    ...parts,
    model: {
      bytes: model.bytes,
      async *read() {
        yield new Uint8Array(model.bytes);
      },
    },
  };
}

async function fetchFile(url: URL): Promise<Response> {
  const failed = (cause?: unknown) =>
    new VecdropError(
      'internal',
      'A part of the app could not be fetched. Check that the page is served whole, then reload it.',
      cause,
    );
  const response = await fetch(url).catch(cause => {
    throw failed(cause);
  });
  if (!response.ok) throw failed(response.status);
  return response;
}

async function* stream(body: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array> {
  const reader = body?.getReader();
  try {
    for (;;) {
      const next = await reader?.read();
      if (!next || next.done) return;
      yield next.value;
    }
  } finally {
    await reader?.cancel();
  }
}
