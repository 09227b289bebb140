import type { Recipe } from '../../src/domain/recipe.ts';
import { readModel } from '../../src/gguf/model-info.ts';
import { IngestService } from '../../src/workspace/ingest-service.ts';
import { defaultRecipe } from '../../src/workspace/models.ts';
import type { FileToRead } from './api.ts';

/**
 * Reads and chunks files, those of one `work` together, `rounds` times and once before to warm up, with a reader that
 * has just been started each time. `mark` hears '<work>:start' and '<work>:end' of every round but the first.
 */
export async function readThrough(
  gguf: Blob,
  files: readonly FileToRead[],
  rounds: number,
  mark: (name: string) => void,
): Promise<void> {
  const { info, tokenizer } = await readModel(gguf, 'model.gguf', '');
  const works = new Set(files.map(({ work }) => work));
  for (let round = 0; round <= rounds; round++) {
    for (const work of works) {
      const service = new IngestService();
      service.open(tokenizer, info.contextLength);
      if (round > 0) mark(`${work}:start`);
      for (const { path, content, strategy } of files.filter(file => file.work === work)) {
        const recipe: Recipe = { ...defaultRecipe(info), strategy };
        await service.read(content, path, recipe);
      }
      if (round > 0) mark(`${work}:end`);
    }
  }
}
