import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { makeTinyGguf } from '../../scripts/make-tiny-gguf.ts';
import { tinyModels } from '../../scripts/make-tiny-models.ts';
import { text, uint32 } from '../../scripts/tiny-gguf/bytes.ts';
import { rawGguf } from '../../scripts/tiny-gguf/edit.ts';
import { VecdropError } from '../domain/errors.ts';
import { readModel } from './model-info.ts';
import { readGguf } from './read.ts';

const tiny = makeTinyGguf();

test('a model made for tests is always the same, small, and whole', async () => {
  expect(makeTinyGguf()).toEqual(tiny);
  expect(tiny.length).toBeLessThan(200_000);
  const gguf = await readGguf(new Blob([tiny]), 'tiny.gguf');
  expect(gguf).toMatchObject({ version: 3, alignment: 32 });
  expect(gguf.metadata.get('general.architecture')?.value).toBe('bert');
  expect(gguf.tensors[0]).toMatchObject({ name: 'token_embd.weight', type: { name: 'Q8_0' } });
  const last = gguf.tensors.at(-1);
  expect((last?.offset ?? 0) + (last?.bytes ?? 0)).toBe(tiny.length);
});

test('the tensors of the built-in model fill its file to the end', async () => {
  const file = new Blob([readFileSync('public/models/all-MiniLM-L6-v2-Q8_0.gguf')]);
  const gguf = await readGguf(file, 'built-in');
  expect(gguf.tensors).toHaveLength(101);
  const last = gguf.tensors.at(-1);
  expect((last?.offset ?? 0) + (last?.bytes ?? 0)).toBe(file.size);
});

test('metadata larger than the first read is read whole', async () => {
  const long = rawGguf([text('a', 'x'.repeat(3_000_000)), uint32('b', 7)], []);
  const { metadata } = await readGguf(new Blob([long]), 'long.gguf');
  expect(metadata.get('b')?.value).toBe(7);
});

test('a file cut short anywhere is refused as such', async () => {
  for (let i = 0; i < 200; i++) {
    const end = Math.floor(((i + random(i)) / 200) * (tiny.length - 1));
    await expect(readModel(new Blob([tiny.subarray(0, end)]), 'cut.gguf', 'id')).rejects.toBeInstanceOf(
      VecdropError,
    );
  }
});

test.each(Object.entries(tinyModels))(
  'flipped bytes of %s make an error of ours or a model, nothing else',
  async (_, make) => {
    const file = make();
    const { dataStart } = await readGguf(new Blob([file]), 'whole');
    let refused = 0;
    for (let i = 0; i < 100; i++) {
      const flipped = file.slice();
      for (let k = 0; k < 3; k++) {
        const at = Math.floor(random(i * 3 + k) * dataStart);
        flipped[at] = (flipped[at] as number) ^ (1 << (i % 8));
      }
      await readModel(new Blob([flipped]), 'flipped.gguf', 'id').catch((error: unknown) => {
        expect(error).toBeInstanceOf(VecdropError);
        refused++;
      });
    }
    expect(refused).toBeGreaterThan(5);
  },
);

test('a blob that can no longer be read is an error of ours', async () => {
  const gone = new Blob([tiny]);
  gone.slice = () => {
    throw new DOMException('gone', 'NotReadableError');
  };
  await expect(readGguf(gone, 'gone.gguf')).rejects.toMatchObject({ code: 'model/corrupt' });
});

/** In [0, 1), the same for the same seed. */
function random(seed: number): number {
  const x = Math.sin(seed * 12.9898 + 1) * 43758.5453;
  return x - Math.floor(x);
}
