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
  readElsewhere,
  readQuestions,
} from './retrieval-questions.ts';

/**
 * How often the page's search finds the answers to questions about the fixtures' texts: among the first five hits
 * (recall@5), and how high (mean reciprocal rank). By words alone, by meaning alone, and by both, with the built-in
 * model and the recipe that a new collection has; smaller chunks make the task harder. Then how often no close match is
 * said, of these questions and of ones that nothing here answers. `--keep` writes the rankings of the
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
      // Without it answers may come of what is indexed so far.
      await page.ask('prepareSearch', id);
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
      await verdicts(id, chunks);
    }
    if (process.argv.includes('--keep'))
      writeFileSync(RANKINGS_FILE, `${JSON.stringify(kept, undefined, 1)}\n`);
  } finally {
    await page.close();
  }

  /** How often no close match is said, and what is left of a whole list where the tail is left out. */
  async function verdicts(id: string, chunks: number): Promise<void> {
    const ask = (text: string, trim: boolean) =>
      page.search(id, { text, balance: 1, limit: chunks, byFile: false, fold: false, trim });
    const here = await Promise.all(questions.map(({ text }) => ask(text, true)));
    const whole = await Promise.all(questions.map(({ text }) => ask(text, false)));
    const elsewhere = await Promise.all(readElsewhere().map(text => ask(text, true)));
    const weak = (answers: typeof here) =>
      `${answers.filter(answer => answer.weak).length} of ${answers.length}`;
    const hits = here.reduce((sum, answer) => sum + answer.hits.length, 0) / here.length;
    const lost = questions.filter(
      (question, i) =>
        rankOfAnswer(question, whole[i]?.hits ?? []) !== undefined &&
        rankOfAnswer(question, here[i]?.hits ?? []) === undefined,
    );
    console.log(
      `    no close match: said of ${weak(here)} questions, and of ${weak(elsewhere)} that are answered nowhere; trimmed to ${hits.toFixed(1)} hits, ${lost.length} answers lost`,
    );
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
