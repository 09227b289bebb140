import { readFileSync } from 'node:fs';
import {
  QUESTION_FOLDERS,
  RANKINGS_FILE,
  type Rankings,
  rankingName,
  readQuestions,
} from '../scripts/retrieval-questions.ts';
import { drop, expect, test } from './fixtures.ts';
import { allDone, collectionOf, openPage } from './person.ts';

test('twenty questions get the rankings that were looked at, by words, by meaning and by both', async ({
  page,
}) => {
  await openPage(page);
  await drop(page, QUESTION_FOLDERS);
  await allDone(page, 19);
  const { id } = await collectionOf(page);
  // Without it an answer may come of what is indexed so far.
  await page.evaluate(id => vecdrop.prepareSearch(id), id);
  const kept = JSON.parse(readFileSync(RANKINGS_FILE, 'utf8')) as Rankings[];
  const questions = readQuestions();
  expect(kept.map(({ balance }) => balance)).toEqual([0, 0.5, 1]);
  for (const { balance, rankings } of kept) {
    expect(rankings).toHaveLength(20);
    for (const [i, expected] of rankings.entries()) {
      const query = { text: questions[i]?.text ?? '', balance, limit: 5, byFile: false, fold: false };
      const { hits } = await page.evaluate(
        ({ id, query }) => vecdrop.search(id, query, new AbortController().signal),
        { id, query },
      );
      expect(hits.map(rankingName), query.text).toEqual(expected);
    }
  }
});
