import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type Plugin } from 'vite';
import packageJson from '../package.json' with { type: 'json' };
import { wasm } from './wasm.ts';

const ROOT = join(import.meta.dirname, '..');
const SOURCES = join(ROOT, 'src', 'share');
/** Where an export finds it, beside the app's page. */
const PAGE = 'share/page.html';

/**
 * Adds to the app the page that an export fills with a collection (src/share): one HTML file with its script, style
 * and policy in it. Its places for a title and for what is said about the collection are empty.
 */
export function sharePage(): Plugin {
  return {
    name: 'vecdrop:share-page',
    async generateBundle() {
      this.emitFile({ type: 'asset', fileName: PAGE, source: await makeSharePage() });
    },
    configureServer({ middlewares }) {
      middlewares.use(`/${PAGE}`, (_, response, next) => {
        makeSharePage().then(page => response.setHeader('Content-Type', 'text/html').end(page), next);
      });
    },
  };
}

async function makeSharePage(): Promise<string> {
  const { script, style } = await bundle();
  const picture = await readFile(join(ROOT, 'public', 'icon.svg'));
  return `<!doctype html>
<html lang="en" data-theme="light">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(script, style)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="Vecdrop ${packageJson.version}">
<title></title>
<link rel="icon" href="data:image/svg+xml;base64,${picture.toString('base64')}">
<style>${style}</style>
</head>
<body>
<noscript>This page searches a collection of texts that is inside it. That needs JavaScript, which is off.</noscript>
<div id="root"></div>
<script type="application/json" id="about"></script>
<script>${script}</script>
`;
}

/** Nothing may be asked of anybody, and no script runs but this one: not one that a text brings along, either. */
function policy(script: string, style: string): string {
  const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  return [
    "default-src 'none'",
    `script-src ${hash(script)} 'wasm-unsafe-eval'`,
    `style-src ${hash(style)}`,
    'img-src data:',
    'worker-src blob:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

async function bundle(): Promise<{ script: string; style: string }> {
  const result = await build({
    root: ROOT,
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    plugins: [wasm()],
    build: {
      write: false,
      target: 'es2022',
      modulePreload: false,
      cssCodeSplit: false,
      rolldownOptions: {
        input: join(SOURCES, 'page.ts'),
        output: { format: 'iife', codeSplitting: false },
        checks: { pluginTimings: false },
      },
    },
  });
  if (Array.isArray(result) || !('output' in result))
    throw new Error('The shared page was not built as one.');
  let script = '';
  let style = '';
  for (const file of result.output) {
    if (file.type === 'chunk') script += file.code;
    else if (file.fileName.endsWith('.css')) style += file.source;
  }
  for (const text of [script, style]) {
    // Within a page it would end early, or not be the text that its hash is of.
    if (text === '' || /<\/(script|style)|<!--|\r|\0/i.test(text)) {
      throw new Error('The shared page’s script or style cannot stand within a page.');
    }
  }
  return { script: script.trim(), style: style.trim() };
}
