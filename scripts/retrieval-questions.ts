import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SearchHit } from '../src/domain/search.ts';
import { ROOT } from './build.ts';

/** A question, the file that answers it, and a stretch of its text that a right hit holds. */
export interface Question {
  text: string;
  file: string;
  answer: string;
}

const FIXTURES = join(ROOT, 'e2e', 'fixtures');
/** Where the files lie that the questions are about. */
export const QUESTION_FOLDERS = [join(FIXTURES, 'topics'), join(ROOT, 'public', 'sample')];

/** The questions about the fixtures' texts; see their README. */
export function readQuestions(): Question[] {
  const rows = JSON.parse(readFileSync(join(FIXTURES, 'questions', 'questions.json'), 'utf8'));
  return (rows as [string, string, string][]).map(([text, file, answer]) => ({ text, file, answer }));
}

/** Questions that the fixtures' texts do not answer. */
export function readElsewhere(): string[] {
  return JSON.parse(readFileSync(join(FIXTURES, 'questions', 'elsewhere.json'), 'utf8'));
}

/** The first questions, the kept rankings of their hits, and what was asked: rankings[i] is of question i. */
export interface Rankings {
  balance: number;
  /** 'file ordinal', the best first. */
  rankings: string[][];
}

/** Questions whose rankings are kept, and hits of each. */
export const RANKED = { questions: 20, hits: 5 };

export const RANKINGS_FILE = join(FIXTURES, 'questions', 'rankings.json');

/** A hit as rankings name it: its file without folders, and its ordinal. */
export function rankingName({ path, ordinal }: SearchHit): string {
  return `${path.split('/').at(-1)} ${ordinal}`;
}

/** Where a hit stands among others, 1 being the first; undefined where none of them holds the answer. */
export function rankOfAnswer({ file, answer }: Question, hits: readonly SearchHit[]): number | undefined {
  const folder = QUESTION_FOLDERS.find(candidate => existsSync(join(candidate, file)));
  const text = readFileSync(join(folder ?? '', file), 'utf8');
  const at = text.indexOf(answer);
  const index = hits.findIndex(
    ({ path, start, end }) => path.endsWith(file) && start <= at && at + answer.length <= end,
  );
  return index < 0 ? undefined : index + 1;
}
