import { expect, test } from 'vitest';
import { formats } from '../src/ingest/registry.ts';
import { webManifest } from './web-manifest.ts';

test('every extension that the registry reads, archives and models open with the installed page', () => {
  const { file_handlers = [] } = webManifest();
  const extensions = file_handlers.flatMap(({ accept }) => Object.values(accept).flat());
  expect(new Set(extensions)).toEqual(
    new Set([
      '.gguf',
      '.zip',
      ...formats.flatMap(format => format.extensions.map(extension => `.${extension}`)),
    ]),
  );
  expect(extensions).toHaveLength(new Set(extensions).size);
});
