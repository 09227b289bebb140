/** Common English words, for the vocabularies of models made for tests. */
export const WORDS: readonly string[] =
  `the of and to in is that it was for on are as with his they at be this from have or by one had not but
what all were when we there can an your which their said if do will each about how up out them then she many some so
these would other into has more her two like him see time could no make than first been its who now people my made over
did down only way find use may water long little very after words called just where most know get through back much
before go good new write our used me man too any day same right look think also around another came come work three word
must because does part even place well such here take why things help put years different away again off went old number
great tell men say small every found still between name should home big give air line set own under read last never us
left end along while might next sound below saw something thought both few those always looked show large often together
asked house world going want school important until form food keep children feet land side without boy once animals life
enough took sometimes four head above kind began almost live page got earth need far hand high year mother light parts
country father let night following picture being study second eyes soon times story boys since white days ever paper hard
near sentence better best across during today others however sure means knew try told young miles sun ways thing whole
hear example heard several change answer room sea against top turned learn point city play toward five using himself
usually document file text search vector model token chunk letter court contract patient report data table code test
error key value list open close start stop fast slow cat dog tree river mountain music red green blue black king queen
quick brown fox jumps lazy sky rain snow wind fire stone bread milk`.split(/\s+/);

/** Words of other languages and scripts, some with capitals, accents and joined characters. */
export const WORLD: readonly string[] = `The And This München Straße naïve café élève año Ελλάδα και το του
Москва и в не на что это как слово текст документ поиск Київ та що Български
שלום של את על עברית العربية في من على كتاب مرحبا فارسی هندی हिन्दी में की है और नमस्ते বাংলা এবং தமிழ் ไทย และ ที่ ภาษา
中文 我们 文件 搜索 的是 不是 東京 日本語 です ます する こと カタカナ テスト 한국어 그리고 문서 검색 안녕하세요 Việt tiếng không ქართული հայերեն
2024 2025 100 3.14 foo_bar() => {} [] != == // don't it's we're I'm e-mail GmbH U.S. 😀 👍 🚀 ❤️ … – — “ ” € £ ¥ § °`.split(
  /\s+/,
);
