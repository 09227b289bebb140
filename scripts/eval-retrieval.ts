import { writeFileSync } from 'node:fs';
import { buildIfStale } from './build.ts';
import { gatherInputs } from './embed/inputs.ts';
import { openPage } from './embed/page.ts';
import {
  QUESTION_FOLDERS,
  RANKED,
  RANKINGS_FILE,
  type Rankings,
  rankingName,
  rankOfAnswer,
  readQuestions,
} from './retrieval-questions.ts';

/**
 * How often the page's search finds the answers to questions about the fixtures' texts: among the first five hits
 * (recall@5), and how high (mean reciprocal rank). By words alone, by meaning alone, and by both, with the built-in
 * model and the recipe that a new collection has; smaller chunks make the task harder. `--keep` writes the rankings of the
 * first questions that a test compares with: look at what has changed before you commit them.
 */
const LIMIT = 5;
const BALANCES = [
  ['words', 0],
  ['both', 0.5],
  ['meaning', 1],
] as const;
const CHUNK_SIZES = [200, 64];

await main();

async function main(): Promise<void> {
  const questions = readQuestions();
  const { files } = await gatherInputs(QUESTION_FOLDERS, []);
  await buildIfStale();
  const page = await openPage([]);
  try {
    const kept: Rankings[] = [];
    for (const chunkSize of CHUNK_SIZES) {
      const id = await page.ask('createCollection', `Questions ${chunkSize}`);
      const made = (await page.ask('collections')).find(collection => collection.id === id);
      if (!made) throw new Error('The page made no collection.');
      const overlap = Math.floor(chunkSize / 10);
      await page.ask('applyRecipe', id, { ...made.recipe, chunkSize, overlap });
      await page.addFiles(id, files);
      const chunks = await finished(id, files.length);
      for (const [name, balance] of BALANCES) {
        const ranks: (number | undefined)[] = [];
        const rankings: string[][] = [];
        for (const question of questions) {
          const query = { text: question.text, balance, limit: LIMIT, byFile: false, fold: false };
          const { hits } = await page.search(id, query);
          ranks.push(rankOfAnswer(question, hits));
          rankings.push(hits.slice(0, RANKED.hits).map(rankingName));
        }
        if (chunkSize === CHUNK_SIZES[0])
          kept.push({ balance, rankings: rankings.slice(0, RANKED.questions) });
        const found = ranks.filter(rank => rank !== undefined);
        const recall = found.length / questions.length;
        const reciprocal = found.reduce((sum, rank) => sum + 1 / rank, 0) / questions.length;
        console.log(
          `${chunkSize} tokens, ${chunks} chunks, ${name.padEnd(8)} recall@${LIMIT} ${recall.toFixed(2)}  mean reciprocal rank ${reciprocal.toFixed(2)}`,
        );
        for (const [i, rank] of ranks.entries()) {
          if (rank === undefined) console.log(`    not found: ${questions[i]?.text}`);
        }
      }
    }
    if (process.argv.includes('--keep'))
      writeFileSync(RANKINGS_FILE, `${JSON.stringify(kept, undefined, 1)}\n`);
  } finally {
    await page.close();
  }

  async function finished(id: string, count: number): Promise<number> {
    for (;;) {
      const rows = await page.ask('files', id, 0, count + 1);
      if (rows.length === count && rows.every(({ state }) => state === 'done')) {
        return rows.reduce((sum, { chunks }) => sum + chunks, 0);
      }
      await new Promise(resolve => setTimeout(resolve, 250));
    }
  }
}
