import { CHROMIUM_FLAGS } from '../scripts/chromium-flags.ts';
import { ensureBrowser } from '../scripts/ensure-browser.ts';
import { tinyModels } from '../scripts/make-tiny-models.ts';
import { expect, test } from './fixtures.ts';
import { workspace } from './tiny.ts';

// Chromium's software adapter: a GPU as any other, only slow.
test.use({
  launchOptions: async ({ outside }, use) => {
    const args = CHROMIUM_FLAGS.filter(flag => flag !== '--disable-gpu');
    await use({
      executablePath: ensureBrowser(),
      args: [
        ...args,
        `--proxy-server=${outside.proxy}`,
        '--enable-unsafe-webgpu',
        '--use-webgpu-adapter=swiftshader',
        '--enable-features=Vulkan',
      ],
    });
  },
});

test('a GPU is tested against the CPU, and taken only where its vectors are right', async ({ page }) => {
  await page.goto('/');
  const client = await workspace(page);
  const adapter = await page.evaluate(async () => {
    const { gpu } = navigator as unknown as { gpu?: { requestAdapter(): Promise<object | null> } };
    return (await gpu?.requestAdapter()) != null;
  });
  expect(adapter).toBe(true);
  const bytes = Buffer.from(tinyModels['bert-mean']()).toString('base64');
  const modelId = await client.evaluate(async (vecdrop, base64) => {
    const content = Uint8Array.from(atob(base64), character => character.charCodeAt(0));
    return (await vecdrop.addModel(new File([content], 'tiny.gguf'))).id;
  }, bytes);

  const choice = await client.evaluate(
    (vecdrop, id) => vecdrop.testEngines(id, new AbortController().signal),
    modelId,
  );
  const gpu = choice.reports.find(({ engine }) => engine === 'wllama-webgpu');
  const cpu = choice.reports.find(({ engine }) => engine === 'wllama-cpu');
  expect(cpu).toMatchObject({ outcome: 'right', name: 'wllama, CPU, F32' });
  expect(cpu?.tokensPerSecond).toBeGreaterThan(0);
  const kernel = choice.reports.find(({ engine }) => engine === 'kernel');
  expect(kernel).toMatchObject({ outcome: 'right' });
  expect(kernel?.cosine).toBeGreaterThanOrEqual(0.9995);
  // Computed on it, whatever came of it.
  expect(gpu?.cosine).toBeDefined();
  expect(gpu?.tokensPerSecond).toBeGreaterThan(0);

  const embed = (engine: 'wllama-cpu' | 'wllama-webgpu') =>
    client.evaluate(
      async (vecdrop, { modelId, engine }) => {
        await vecdrop.chooseEngine(modelId, engine);
        const body = { model: modelId, input: ['river stone paper market', 'a yellow kitchen window'] };
        const request = {
          method: 'POST',
          body: JSON.stringify(body),
          headers: { 'Content-Type': 'application/json' },
        };
        const { data } = await (await vecdrop.fetch('/v1/embeddings', request)).json();
        const call = (await vecdrop.callLog()).at(-1);
        return {
          vectors: data.map(({ embedding }: { embedding: number[] }) => embedding),
          engine: call?.engine,
        };
      },
      { modelId, engine },
    );
  if (gpu?.outcome === 'right') {
    expect(gpu.cosine).toBeGreaterThanOrEqual(0.999);
    const [onGpu, onCpu] = [await embed('wllama-webgpu'), await embed('wllama-cpu')];
    expect(onGpu.engine).toContain('WebGPU');
    expect(onCpu.engine).toContain('CPU');
    for (const [i, vector] of onGpu.vectors.entries()) {
      expect(dot(vector, onCpu.vectors[i])).toBeGreaterThanOrEqual(0.999);
    }
  } else {
    expect(gpu?.reason).toContain('cosine');
    await expect(embed('wllama-webgpu')).rejects.toThrow('cannot be chosen');
    expect(choice.taken).not.toBe('wllama-webgpu');
  }
});

function dot(a: number[], b: number[] = []): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
}
