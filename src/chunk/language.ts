/** Letters of scripts that tell a language, or as good as: what a segmenter is told of a text. */
const SCRIPTS: readonly [language: string, letters: RegExp][] = [
  ['ja', /[\u3041-\u30ff\uff66-\uff9d]/g],
  ['zh', /[\u3400-\u9fff\uf900-\ufaff]/g],
  ['ko', /[\u1100-\u11ff\uac00-\ud7af]/g],
  ['th', /[\u0e01-\u0e5b]/g],
  ['lo', /[\u0e81-\u0edf]/g],
  ['my', /[\u1000-\u109f]/g],
  ['km', /[\u1780-\u17ff]/g],
  ['ar', /[\u0620-\u06ff]/g],
  ['he', /[\u05d0-\u05ea]/g],
  ['hi', /[\u0900-\u097f]/g],
  ['el', /[\u0370-\u03ff\u1f00-\u1fff]/g],
  ['ru', /[\u0400-\u04ff]/g],
];

/** Frequent words that few other languages have. */
const WORDS: Readonly<Record<string, RegExp>> = {
  en: / (the|of|and|is|with|was|that|are) /g,
  de: / (der|die|und|das|ist|nicht|den|mit|von|auf|ein|eine|wurde|im|am|zum|zur) /g,
  fr: / (le|les|des|est|et|une|dans|pour|qui|du|sur|pas) /g,
  es: / (el|los|las|que|por|con|una|es|del|para|se) /g,
  it: / (il|che|di|della|per|non|sono|gli|una|con|del) /g,
  pt: / (o|os|que|do|da|não|uma|em|com|para|dos) /g,
  nl: / (het|een|van|de|en|niet|dat|op|zijn|voor) /g,
  da: / (og|er|ikke|af|til|som|på|den|det|med) /g,
  sv: / (och|är|inte|av|till|som|på|den|det|att) /g,
  fi: / (ja|on|ei|että|oli|mutta|myös|sekä|ovat) /g,
  pl: / (i|w|na|nie|się|jest|że|do|z|to) /g,
  cs: / (a|je|se|na|že|není|byl|jako|ve|které) /g,
  hu: / (az|és|nem|hogy|egy|is|volt|meg) /g,
  tr: / (ve|bir|bu|için|ile|olarak|daha|çok) /g,
};

/** What is read of a text to tell its language, and of a stretch to tell its script. */
const SAMPLE = { text: 4_000, stretch: 200 };

/**
 * The language of a text, as its letters, and where those are Latin its small words, tell it; undefined where they
 * do not. No more is asked of it than which marks end a sentence and which abbreviations do not.
 */
export function guessLanguage(text: string): string | undefined {
  const sample = text.slice(0, SAMPLE.text);
  const script = scriptLanguage(sample);
  if (script !== undefined) return script;
  // Every blank twice, so that two such words in a row are both seen.
  const words = ` ${sample.toLowerCase().replace(/[\s"'(),.]+/g, '  ')} `;
  let best: string | undefined;
  let most = 2;
  for (const [language, pattern] of Object.entries(WORDS)) {
    const found = words.match(pattern)?.length ?? 0;
    if (found > most) [best, most] = [language, found];
  }
  return best;
}

/** The language of a stretch of a text: the text's own, unless the stretch is written in the letters of another. */
export function languageOf(stretch: string, own: string | undefined): string | undefined {
  const script = isAscii(stretch) ? undefined : scriptLanguage(stretch.slice(0, SAMPLE.stretch));
  if (script === undefined) return own !== undefined && SCRIPT_OF.has(base(own)) ? undefined : own;
  return own !== undefined && SCRIPT_OF.get(base(own)) === SCRIPT_OF.get(script) ? own : script;
}

/** The language before its region and script: 'zh' of 'zh-Hant-TW'. */
export function base(language: string): string {
  return language.slice(0, 3).replace(/-.*$/, '').toLowerCase();
}

/** Languages whose letters are not Latin, and which share theirs with another of the list. */
const SCRIPT_OF = new Map([
  ...SCRIPTS.map(([language]): [string, string] => [language, language]),
  ...[['fa', 'ar'] as const, ['ur', 'ar'] as const, ['yi', 'he'] as const],
  ...['mr', 'ne', 'sa'].map((language): [string, string] => [language, 'hi']),
  ...['uk', 'bg', 'sr', 'be', 'mk', 'kk', 'mn'].map((language): [string, string] => [language, 'ru']),
]);

function scriptLanguage(sample: string): string | undefined {
  const counts = new Map(
    SCRIPTS.map(([language, letters]) => [language, sample.match(letters)?.length ?? 0]),
  );
  // Japanese is written in Chinese characters for the most part: a few kana tell it.
  const kana = counts.get('ja') ?? 0;
  const han = counts.get('zh') ?? 0;
  if (kana * 10 > han) counts.set('ja', kana + han).set('zh', 0);
  const [language, count] = [...counts].reduce((best, next) => (next[1] > best[1] ? next : best));
  const latin = sample.match(/[a-zA-Z\u00c0-\u024f]/g)?.length ?? 0;
  // One Chinese character says as much as some three letters.
  const weight = language === 'zh' || language === 'ja' ? 3 : 1;
  return count > 0 && count * weight >= latin ? language : undefined;
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length && i < SAMPLE.stretch; i++) if (text.charCodeAt(i) > 127) return false;
  return true;
}
