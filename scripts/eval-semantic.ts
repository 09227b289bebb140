import { openAsBlob } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright';
import { type PreparedDocument, prepareDocument } from '../src/chunk/chunk-document.ts';
import { type SentenceVectors, turnsOf, WINDOW } from '../src/chunk/topic-breaks.ts';
import type { Chunk } from '../src/domain/chunk.ts';
import { thresholdsOf } from '../src/domain/recipe.ts';
import { readModel } from '../src/gguf/model-info.ts';
import { createTokenizer } from '../src/tokenize/create.ts';
import type { WorkspaceClient } from '../src/workspace/client.ts';
import { buildIfStale, DIST, ROOT } from './build.ts';
import { CHROMIUM_FLAGS } from './chromium-flags.ts';
import { ensureBrowser } from './ensure-browser.ts';
import { startServer } from './serve.ts';
import { type TopicDocument, topicDocuments } from './topic-documents.ts';
import { windowDiff } from './window-diff.ts';

/**
 * How well `semantic` and `recursive` find the authored boundaries of documents that were put together from several
 * topics, on documents that nothing was tuned on, at the same mean chunk size. `--tune` looks through settings on the
 * other documents. The vectors are the built-in model's, made by the built page in a headless browser.
 */
const MODEL = 'all-MiniLM-L6-v2-Q8_0.gguf';
const LARGEST = 384;

const recipe = { chunkSize: LARGEST, overlap: 0, documentPrefix: '', embedHeadings: false };

/** What is tried: `window` as of `turnsOf`, the others as a recipe has them. */
interface Settings {
  window: number;
  breakPercentile: number;
  leastSize: number;
}
const USUAL: Settings = { window: WINDOW, ...thresholdsOf({ chunkSize: LARGEST }) };

interface Case extends TopicDocument {
  /** Of the whole text. */
  tokens: number;
  prepared: PreparedDocument;
  sentences: SentenceVectors;
}

await main(process.argv.includes('--tune'));

async function main(tune: boolean): Promise<void> {
  const { tuning, heldOut } = await topicDocuments(join(ROOT, 'e2e', 'fixtures', 'topics'));
  const { info, tokenizer: spec } = await readModel(
    await openAsBlob(join(ROOT, 'public', 'models', MODEL)),
    MODEL,
    '',
  );
  const tokenizer = createTokenizer(spec);
  const prepare = ({ text, ...rest }: TopicDocument) => ({
    ...rest,
    text,
    tokens: tokenizer.count(text) - tokenizer.specialTokens,
    prepared: prepareDocument({ text, blocks: [] }, tokenizer, info.contextLength),
  });
  const cases = [...tuning, ...heldOut].map(prepare);
  const spansOf = cases.map(({ prepared }) => prepared.sentences(''));
  const texts = cases.flatMap(({ text }, i) =>
    (spansOf[i] ?? []).map(({ start, end }) => text.slice(start, end)),
  );
  const vectorOf = await embed([...new Set(texts)]);
  const whole: Case[] = cases.map((document, i) => {
    const spans = spansOf[i] ?? [];
    const data = new Float32Array(spans.length * info.dimensions);
    for (const [row, { start, end }] of spans.entries()) {
      data.set(vectorOf.get(document.text.slice(start, end)) ?? [], row * info.dimensions);
    }
    return { ...document, sentences: { spans, data, dimensions: info.dimensions } };
  });
  const [forTuning, forTest] = [whole.slice(0, tuning.length), whole.slice(tuning.length)];
  const [tuningSizes, testSizes] = [recursiveBySize(forTuning), recursiveBySize(forTest)];
  if (tune) {
    const tried = settingsToTry().map(settings => ({
      settings,
      ...compare(forTuning, tuningSizes, settings),
    }));
    tried.sort((a, b) => a.semantic - a.recursive - (b.semantic - b.recursive));
    for (const { settings, ...result } of tried.slice(0, 12))
      console.log(JSON.stringify(settings), line(result));
  }
  console.log(`tuning    ${forTuning.length} documents  ${line(compare(forTuning, tuningSizes, USUAL))}`);
  console.log(`held out  ${forTest.length} documents  ${line(compare(forTest, testSizes, USUAL))}`);
}

function settingsToTry(): Settings[] {
  return [2, 3, 4, 5, 6].flatMap(window =>
    [70, 75, 80, 85, 90].flatMap(breakPercentile =>
      [38, 58, 96, 134].map(leastSize => ({ window, breakPercentile, leastSize })),
    ),
  );
}

/** The chunks of `recursive` at every size that might be compared with. */
function recursiveBySize(cases: readonly Case[]): Chunk[][][] {
  return Array.from({ length: 60 }, (_, i) =>
    cases.map(({ prepared }) => prepared.chunks({ ...recipe, chunkSize: 40 + i * 4, strategy: 'recursive' })),
  );
}

interface Comparison {
  semantic: number;
  recursive: number;
  better: number;
  semanticTokens: number;
  recursiveTokens: number;
}

/** Mean WindowDiff of both; `recursive` with the chunk size whose mean chunk is nearest to that of `semantic`. */
function compare(
  cases: readonly Case[],
  bySize: readonly Chunk[][][],
  { window, ...thresholds }: Settings,
): Comparison {
  const bySemantic = cases.map(({ prepared, sentences }) =>
    prepared.chunks({ ...recipe, ...thresholds, strategy: 'semantic' }, turnsOf(sentences, window)),
  );
  const all = cases.reduce((sum, { tokens }) => sum + tokens, 0);
  const tokens = (made: readonly (readonly unknown[])[]) =>
    all / made.reduce((sum, list) => sum + list.length, 0);
  const wanted = tokens(bySemantic);
  const nearest = bySize.reduce((best, made) =>
    Math.abs(tokens(made) - wanted) < Math.abs(tokens(best) - wanted) ? made : best,
  );
  const score = (made: readonly (readonly { start: number }[])[]) =>
    cases.map(({ boundaries, sentences }, i) =>
      windowDiff(
        sentences.spans.map(({ start }) => boundaries.includes(start)),
        sentences.spans.map(({ start }) => made[i]?.some(chunk => chunk.start === start) ?? false),
      ),
    );
  const [semantic, recursive] = [score(bySemantic), score(nearest)];
  return {
    semantic: mean(semantic),
    recursive: mean(recursive),
    better: semantic.filter((value, i) => value < (recursive[i] ?? 0)).length,
    semanticTokens: wanted,
    recursiveTokens: tokens(nearest),
  };
}

function line({ semantic, recursive, better, semanticTokens, recursiveTokens }: Comparison): string {
  return (
    `WindowDiff semantic ${semantic.toFixed(3)}, recursive ${recursive.toFixed(3)}, better in ${better}; ` +
    `mean chunk ${semanticTokens.toFixed(0)} and ${recursiveTokens.toFixed(0)} tokens`
  );
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The built-in model's vectors of some texts, by the page's own /v1/embeddings. */
async function embed(texts: readonly string[]): Promise<Map<string, Float32Array>> {
  await buildIfStale();
  const profile = await mkdtemp(join(tmpdir(), 'vecdrop-eval-'));
  const server = await startServer({ dir: DIST, port: 0 });
  const browser = await chromium.launchPersistentContext(profile, {
    executablePath: ensureBrowser(),
    args: CHROMIUM_FLAGS,
    serviceWorkers: 'block',
  });
  try {
    const page = browser.pages()[0] ?? (await browser.newPage());
    await page.goto(server.origin);
    await page.waitForFunction(() => 'vecdrop' in globalThis);
    const found = new Map<string, Float32Array>();
    for (let at = 0; at < texts.length; at += 64) {
      const input = texts.slice(at, at + 64);
      const rows = await page.evaluate(async texts => {
        const { vecdrop } = globalThis as unknown as { vecdrop: WorkspaceClient };
        const response = await vecdrop.fetch('/v1/embeddings', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ model: 'all-MiniLM-L6-v2', input: texts }),
        });
        if (!response.ok) throw new Error(await response.text());
        const { data } = (await response.json()) as { data: { embedding: number[] }[] };
        return data.map(({ embedding }) => embedding);
      }, input);
      for (const [i, row] of rows.entries()) found.set(input[i] ?? '', Float32Array.from(row));
    }
    return found;
  } finally {
    await browser.close();
    await server.close();
    await rm(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }
}
