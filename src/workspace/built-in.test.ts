import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readModel } from '../gguf/model-info.ts';
import { BUILT_IN_FILE, builtIn } from './built-in.ts';

test('what is said of the built-in model is what its file says', async () => {
  const bytes = readFileSync(`public/models/${BUILT_IN_FILE}`);
  const id = createHash('sha256').update(bytes).digest('hex');
  const { info } = await readModel(new Blob([bytes]), BUILT_IN_FILE, id);
  expect(info).toEqual(builtIn);
});
