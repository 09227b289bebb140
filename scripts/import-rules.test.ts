import { spawnSync } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROOT } from './build.ts';

/** A file of src/ and what it imports. */
type Case = readonly [file: string, source: string];

const FORBIDDEN: Case[] = [
  ['domain/chunk.ts', '../rpc/host.ts'],
  ['domain/chunk.ts', 'comlink'],
  ['gguf/read.ts', '../tokenize/tokenizer.ts'],
  ['tokenize/wordpiece.ts', '../chunk/strategy.ts'],
  ['tokenize/wordpiece.ts', 'react'],
  ['rpc/host.ts', '../workspace/api.ts'],
  ['rpc/host.ts', 'idb'],
  ['ingest/formats/markdown.ts', '../../chunk/strategy.ts'],
  ['ingest/read.ts', '../store/database.ts'],
  ['chunk/registry.ts', '../embed/embedder.ts'],
  ['embed/pool.ts', '../ingest/format.ts'],
  ['embed/pool.ts', '@wllama/wllama/esm/index.js'],
  ['embed/wllama/load.ts', 'idb'],
  ['embed/wllama/load.ts', '../../store/models.ts'],
  ['store/files.ts', '../workspace/api.ts'],
  ['store/files.ts', 'react'],
  ['search/cosine.ts', '../store/vectors.ts'],
  ['map/pca.ts', '../search/cosine.ts'],
  ['map/pca.ts', '../store/vectors.ts'],
  ['download/part.ts', '../store/downloads.ts'],
  ['store/downloads.ts', '../download/part.ts'],
  ['export/json.ts', '../store/vectors.ts'],
  ['export/formats/json.ts', 'idb'],
  ['import/archive.ts', '../store/imports.ts'],
  ['import/archive.ts', '../export/archive.ts'],
  ['export/archive.ts', '../import/archive.ts'],
  ['zip/blob.ts', '../ingest/limits.ts'],
  ['zip/blob.ts', '../domain/errors.ts'],
  ['workspace/pipeline.ts', '../ui/app/app.tsx'],
  ['workspace/pipeline.ts', 'idb'],
  ['workspace/pipeline.ts', '@wllama/wllama'],
  ['workspace/client.ts', '../store/database.ts'],
  ['workspace/client.ts', './pipeline.ts'],
  ['state/mirror.ts', '../store/files.ts'],
  ['state/mirror.ts', '../rpc/host.ts'],
  ['state/mirror.ts', '../ui/app/app.tsx'],
  ['state/mirror.ts', '../workspace/pipeline.ts'],
  ['ui/app/app.tsx', '../../store/files.ts'],
  ['ui/app/app.tsx', '../../embed/pool.ts'],
  ['ui/app/app.tsx', '../../map/pca.ts'],
  ['ui/app/app.tsx', '../../search/cosine.ts'],
  ['ui/app/app.tsx', '../../ingest/read-document.ts'],
  ['ui/app/app.tsx', '../../workspace/workspace.ts'],
  ['ui/app/app.tsx', 'workbox-core'],
  ['state/offline.ts', '../sw/large-files.ts'],
  ['share/finder.ts', '../store/database.ts'],
  ['share/finder.ts', '../workspace/models.ts'],
  ['share/frame.ts', 'react'],
  ['share/frame.ts', '../ui/parts/button.tsx'],
  ['sw/forward.ts', '../workspace/client.ts'],
  ['sw/forward.ts', 'react'],
];

const ALLOWED: Case[] = [
  ['domain/chunk.ts', './document.ts'],
  ['gguf/read.ts', '../domain/errors.ts'],
  ['rpc/host.ts', 'comlink'],
  ['ingest/formats/markdown.ts', '../format.ts'],
  ['ingest/formats/markdown.ts', '../../domain/document.ts'],
  ['chunk/registry.ts', '../tokenize/tokenizer.ts'],
  ['embed/wllama/load.ts', '@wllama/wllama/esm/index.js'],
  ['embed/wllama/load.ts', '../deadlines.ts'],
  ['store/files.ts', 'idb'],
  ['download/part.ts', '../domain/errors.ts'],
  ['workspace/pipeline.ts', '../store/files.ts'],
  ['workspace/client.ts', './api.ts'],
  ['share/finder.ts', '../workspace/search-hits.ts'],
  ['share/question.ts', '../embed/kernel/engine.ts'],
  ['share/words.ts', '../ui/parts/format.ts'],
  ['state/mirror.ts', '../workspace/client.ts'],
  ['state/bridge.ts', '../rpc/frames.ts'],
  ['state/hooks.ts', 'react'],
  ['state/offline.ts', '../sw/messages.ts'],
  ['sw/forward.ts', '../api/errors.ts'],
  ['sw/app-cache.ts', 'workbox-precaching'],
  ['ui/app/app.tsx', 'react'],
  ['ui/export/dialog.tsx', '../parts/button.tsx'],
  ['ui/export/dialog.tsx', '../export/part.tsx'],
  ['ui/app/app.tsx', '../export/export-dialog.tsx'],
  ['ui/app/app.tsx', '../map/map-pane.tsx'],
  ['ui/app/app.tsx', '../search/search-field.tsx'],
  ['ui/app/app.tsx', '../../workspace/api.ts'],
  ['ui/app/app.tsx', '../../workspace/map-api.ts'],
  ['ui/app/app.tsx', '../../workspace/models-api.ts'],
  ['state/models.ts', '../workspace/models-api.ts'],
  ['workspace/client.ts', './models-api.ts'],
  ['main.tsx', './ui/app/app.tsx'],
];

let folder: string;
/** Files, each with the imports that Biome refuses it. */
let refused: string;

// One run of Biome, in a folder that has our configuration and nothing but these imports.
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vecdrop-imports-'));
  for (const name of ['biome.json', '.gitignore']) await copyFile(join(ROOT, name), join(folder, name));
  const files = new Map<string, string>();
  for (const [file, source] of [...FORBIDDEN, ...ALLOWED]) {
    files.set(file, `${files.get(file) ?? ''}import '${source}';\n`);
  }
  for (const [file, content] of files) {
    await mkdir(dirname(join(folder, 'src', file)), { recursive: true });
    await writeFile(join(folder, 'src', file), content);
  }
  const args = [
    'lint',
    '--only=style/noRestrictedImports',
    '--reporter=github',
    '--max-diagnostics=none',
    '.',
  ];
  const biome = join(ROOT, 'node_modules', '.bin', 'biome');
  const { stdout, stderr } = spawnSync(biome, args, { cwd: folder, encoding: 'utf8' });
  refused = stdout + stderr;
});
afterAll(() => rm(folder, { recursive: true }));

/** A diagnostic names the file and the line; the line is the import's place among those of its file. */
function isRefused([file, source]: Case): boolean {
  const imports = [...FORBIDDEN, ...ALLOWED].filter(([other]) => other === file).map(([, other]) => other);
  const place = `src/${file},line=${imports.indexOf(source) + 1},`;
  return refused.includes(place);
}

test.each(FORBIDDEN)('%s must not import %s', (...each) => expect(isRefused(each)).toBe(true));
test.each(ALLOWED)('%s may import %s', (...each) => expect(isRefused(each)).toBe(false));
