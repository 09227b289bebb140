const WORD = /[\p{L}\p{M}\p{N}]+(?:['’][\p{L}\p{M}]+)*/gu;
const LETTER = /\p{L}/u;
/** Scripts that put no blanks between words. */
const UNSPACED = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u;

let segmenter: Intl.Segmenter | undefined;

/** The words of a text as they are written, numbers and single letters left out. */
export function* wordsOf(text: string): Generator<string> {
  for (const [run] of text.matchAll(WORD)) {
    if (UNSPACED.test(run)) {
      segmenter ??= new Intl.Segmenter(undefined, { granularity: 'word' });
      for (const { segment, isWordLike } of segmenter.segment(run)) if (isWordLike) yield segment;
    } else if (run.length > 1 && LETTER.test(run)) yield run;
  }
}
