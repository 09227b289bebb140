import type { Page } from '@playwright/test';
import type { ChunkPlace, SearchAnswer } from '../src/domain/search.ts';

/** What a person who types into the search field gets to see. Times are milliseconds of the page's clock. */
interface Typed {
  /** The field's text after each key press that changed it to something. */
  presses: { text: string; at: number }[];
  /** Each answer when it is drawn, those by words alone included, with its chunks, those folded into others too. */
  answers: { text: string; at: number; places: string[] }[];
}

/** A word that was typed key by key. */
export interface TypedWord {
  presses: number;
  /** From each key press until an answer to it is drawn; a press without one is not among them. */
  answeredMs: number[];
  /** Presses whose own answer was drawn before the next key came. */
  answeredAlone: number;
  /** From the last press until the chunk was among the hits; undefined where it never was. */
  foundMs: number | undefined;
}

declare global {
  /** What `watchTyping` writes down. */
  var typed: Typed;
}

/** How long an answer may be waited for. */
const LIMIT_MS = 120_000;

/** Writes down from now on what is typed and answered. */
export async function watchTyping(page: Page): Promise<void> {
  // No function in here has a name: what compiles it for a benchmark would mark it with a helper that the page has not.
  await page.evaluate(() => {
    globalThis.typed = { presses: [], answers: [] };
    document.addEventListener('input', ({ target }) => {
      const { value } = target as HTMLInputElement;
      if (value !== '') globalThis.typed.presses.push({ text: value, at: performance.now() });
    });
    const client = globalThis.vecdrop;
    const asked = client.search;
    client.search = async (id, query, signal, early) => {
      const drawn = [
        (answer: SearchAnswer) => {
          const places = answer.hits
            .flatMap(hit => [hit, ...hit.folded])
            .map(({ fileId, ordinal }) => `${fileId} ${ordinal}`);
          requestAnimationFrame(at => globalThis.typed.answers.push({ text: query.text, at, places }));
        },
      ] as const;
      const answer = await asked(id, query, signal, words => {
        early?.(words);
        drawn[0](words);
      });
      drawn[0](answer);
      return answer;
    };
  });
}

/** Types a word, a key every `paceMs`, into the empty search field, and waits until it brings a chunk. */
export async function typeWord(
  page: Page,
  word: string,
  { fileId, ordinal }: ChunkPlace,
  paceMs: number,
): Promise<TypedWord> {
  const place = `${fileId} ${ordinal}`;
  const field = page.getByRole('combobox', { name: /^Search / });
  await field.fill('');
  await page.evaluate(() => {
    globalThis.typed = { presses: [], answers: [] };
  });
  await field.pressSequentially(word, { delay: paceMs });
  const found = page.waitForFunction(
    ({ word, place }) =>
      globalThis.typed.answers.some(({ text, places }) => text === word && places.includes(place)),
    { word, place },
    { timeout: LIMIT_MS },
  );
  await found.catch(() => {});
  const { presses, answers } = await page.evaluate(() => globalThis.typed);
  const last = presses.at(-1)?.at ?? 0;
  // An answer to a longer text answers what was typed of it so far as well: the last query wins.
  const firsts = presses.map(({ text, at }) =>
    answers.find(answer => answer.at >= at && answer.text.startsWith(text)),
  );
  const hit = answers.find(({ text, places }) => text === word && places.includes(place));
  return {
    presses: presses.length,
    answeredMs: presses.flatMap(({ at }, i) => (firsts[i] ? [firsts[i].at - at] : [])),
    answeredAlone: presses.filter(({ text }, i) => firsts[i]?.text === text).length,
    foundMs: hit && hit.at - last,
  };
}

const SYLLABLES = [
  'ba',
  'de',
  'fi',
  'go',
  'hu',
  'ka',
  'le',
  'mi',
  'no',
  'pu',
  'ra',
  'se',
  'ti',
  'vo',
  'wu',
  'za',
];

/** A word of eight letters that no text has, another one for each number below 65,536. */
export function madeWord(n: number): string {
  // An odd factor goes through all of them, and neighbours begin differently.
  const spread = (n * 40_503) & 0xffff;
  return [12, 8, 4, 0].map(bits => SYLLABLES[(spread >> bits) & 15]).join('');
}
