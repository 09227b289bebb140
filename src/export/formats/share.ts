import { VecdropError } from '../../domain/errors.ts';
import { SHARE_VERSION, type ShareAbout, type ShareBlockKind } from '../../domain/share.ts';
import { base64 } from '../base64.ts';
import type { AppParts, ExportFormat, ExportHeader, Records } from '../format.ts';
import { batches } from '../pieces.ts';
import { recordText } from '../records.ts';
import { regrouped, textBlocks, vectorBlock } from './share/blocks.ts';

/** The page without a collection, made by the build (scripts/share-page.ts). */
const PAGE = 'share/page.html';
/** Where its title and what is said about the collection are put in; the first of each is meant. */
const PLACES = ['<title>', '<script type="application/json" id="about">'] as const;
/** Bytes of the model in a block, and of vectors before they are base64. */
const MODEL_BLOCK = 768 * 1024;
const VECTOR_BLOCK = 384 * 1024;

/** Vectors are of use only with the model that embeds the questions. */
function byMeaning({ columns }: ExportHeader, { model }: AppParts): AppParts['model'] {
  return columns.has('embedding') ? model : undefined;
}

async function* encode(header: ExportHeader, records: Records, app: AppParts): AsyncGenerator<Uint8Array> {
  const model = byMeaning(header, app);
  yield* pageWith(header, model, app);
  let written = 0;
  for await (const { block, count } of textBlocks(records())) {
    yield* tagged('texts', block);
    written += count;
  }
  if (model) {
    for await (const piece of regrouped(model.read(), MODEL_BLOCK)) yield* tagged('model', piece);
    const rows = Math.max(1, Math.floor(VECTOR_BLOCK / (4 * header.dimensions)));
    let again = 0;
    for await (const batch of batches(records(), rows)) {
      yield* tagged('vectors', vectorBlock(batch, header));
      again += batch.length;
    }
    if (again !== written) throw changed();
  }
  if (written !== header.records) throw changed();
  yield* tagged('end', new Uint8Array(0));
  yield utf8('</body></html>\n');
}

/** What comes before the blocks. */
async function* pageWith(header: ExportHeader, model: AppParts['model'], app: AppParts) {
  const { collection, recipe, records, precision } = header;
  const about: ShareAbout = {
    version: SHARE_VERSION,
    collection,
    model: header.model,
    recipe,
    records,
    made: new Date().toISOString().slice(0, 10),
    ...(model ? { meaning: { modelBytes: model.bytes, precision } } : {}),
  };
  let page = '';
  const decoder = new TextDecoder();
  for await (const piece of app.file(PAGE)) page += decoder.decode(piece, { stream: true });
  page += decoder.decode();
  const fillings = [escapedText(collection), escapedJson(about)];
  let at = 0;
  for (const [i, place] of PLACES.entries()) {
    const end = page.indexOf(place, at) + place.length;
    if (end < at + place.length)
      throw new VecdropError('internal', 'The page to be shared is damaged. Reload.');
    yield utf8(page.slice(at, end) + fillings[i]);
    at = end;
  }
  yield utf8(page.slice(at));
}

function* tagged(kind: ShareBlockKind, bytes: Uint8Array): Generator<Uint8Array> {
  yield utf8(`<script type="text/plain" data-block="${kind}">`);
  yield base64(bytes);
  yield utf8('</script>\n');
}

function escapedText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

/** JSON that ends no script, whatever is in it. */
function escapedJson(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
}

function changed(): VecdropError {
  return new VecdropError(
    'input/invalid',
    'Files of the collection were removed while it was written. Export it again.',
  );
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** A page that holds a collection and finds what is in it, from a disk or any web server, asking nobody. */
export const share: ExportFormat = {
  id: 'share',
  name: 'Web page',
  readBy: 'any browser: one file to send or to host, that searches itself',
  mediaType: 'text/html',
  precisions: ['float32', 'float16', 'int8'],
  optional: ['embedding'],
  files: [{ extension: 'html', encode, passes: (header, app) => (byMeaning(header, app) ? 2 : 1) }],
  preview: recordText,
};
