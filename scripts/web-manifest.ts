import type { ManifestOptions } from 'vite-plugin-pwa';
import { accepted as acceptedFormats } from '../src/ingest/registry.ts';

/** Kinds that are not plain text by name; what is not here is text of some sort. */
const MEDIA_TYPES: Record<string, string> = {
  gguf: 'application/octet-stream',
  md: 'text/markdown',
  markdown: 'text/markdown',
  html: 'text/html',
  htm: 'text/html',
  xhtml: 'application/xhtml+xml',
  csv: 'text/csv',
  tsv: 'text/tab-separated-values',
  json: 'application/json',
  jsonl: 'application/jsonl',
  xml: 'application/xml',
  svg: 'image/svg+xml',
  rtf: 'application/rtf',
  eml: 'message/rfc822',
  zip: 'application/zip',
  pdf: 'application/pdf',
  epub: 'application/epub+zip',
  odt: 'application/vnd.oasis.opendocument.text',
  docm: 'application/vnd.ms-word.document.macroEnabled.12',
  odp: 'application/vnd.oasis.opendocument.presentation',
  ods: 'application/vnd.oasis.opendocument.spreadsheet',
  ipynb: 'application/x-ipynb+json',
  srt: 'application/x-subrip',
  vtt: 'text/vtt',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

/** Every kind that the page takes: what the registry lists, and models. Media type → extensions with their dot. */
function accepted(): Record<string, string[]> {
  const accept: Record<string, string[]> = {};
  const extensions = new Set([...acceptedFormats.flatMap(format => format.extensions), 'gguf']);
  for (const extension of extensions) {
    const type = MEDIA_TYPES[extension] ?? 'text/plain';
    accept[type] = [...(accept[type] ?? []), `.${extension}`];
  }
  return accept;
}

/** The web app manifest. Its addresses are relative, so that the page works in any folder. */
export function webManifest(): Partial<ManifestOptions> {
  const accept = accepted();
  return {
    name: 'Vecdrop',
    short_name: 'Vecdrop',
    description: 'Drop documents, get vectors. All in your browser.',
    start_url: '.',
    scope: '.',
    display: 'standalone',
    theme_color: '#ffffff',
    background_color: '#f7f7f5',
    categories: ['productivity', 'utilities'],
    icons: [
      { src: 'icon.svg', sizes: 'any', type: 'image/svg+xml' },
      { src: 'icon-192.png', sizes: '192x192', type: 'image/png' },
      { src: 'icon-512.png', sizes: '512x512', type: 'image/png' },
      { src: 'icon-maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
    ],
    file_handlers: [{ action: '.', accept }],
    share_target: {
      action: 'share',
      method: 'POST',
      enctype: 'multipart/form-data',
      params: {
        title: 'title',
        text: 'text',
        url: 'url',
        files: [{ name: 'files', accept: [...Object.keys(accept), ...Object.values(accept).flat()] }],
      },
    },
  };
}
