const WIDTH = 32;
const INNER = 64;
const HEADS = 4;
const LAYERS = 2;
const CONTEXT = 512;
const ALIGNMENT = 32;
const F32 = 0;
const Q8_0 = 8;

const SPECIAL = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'];
const WORDS =
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
const ENDINGS = 's ed ing er ly es tion ment ness able al est ity ous ive th en re in on at an or'.split(' ');
const CYRILLIC = 'абвгдежзиклмнопрстуфхцчшщъыьэюя';
const CHINESE = '一二三人大小中国文字学生水火山川日月上下左右天地書本語言東京的是在不了有和這';

/**
 * A BERT model that knows nothing, for tests: 2 layers, 32 wide, 512 tokens of context, mean pooling, uncased
 * WordPiece, matrices in Q8_0, under 200 KB. llama.cpp loads it. Always the same bytes.
 */
export function makeTinyGguf(): Uint8Array<ArrayBuffer> {
  const tokens = vocabulary();
  const tensors = weights(tokens.length);
  const metadata = [
    text('general.architecture', 'bert'),
    text('general.type', 'model'),
    text('general.name', 'tiny-bert'),
    text('general.license', 'mit'),
    uint32('bert.block_count', LAYERS),
    uint32('bert.context_length', CONTEXT),
    uint32('bert.embedding_length', WIDTH),
    uint32('bert.feed_forward_length', INNER),
    uint32('bert.attention.head_count', HEADS),
    entry('bert.attention.layer_norm_epsilon', 6, new Uint8Array(new Float32Array([1e-12]).buffer)),
    entry('bert.attention.causal', 7, new Uint8Array([0])),
    uint32('bert.pooling_type', 1),
    uint32('general.file_type', 7),
    uint32('general.quantization_version', 2),
    text('tokenizer.ggml.model', 'bert'),
    text('tokenizer.ggml.pre', 'default'),
    uint32('tokenizer.ggml.token_type_count', 2),
    array('tokenizer.ggml.tokens', 8, tokens.length, tokens.map(string)),
    array(
      'tokenizer.ggml.token_type',
      5,
      tokens.length,
      tokens.map((_, id) => u32(id < SPECIAL.length ? 3 : 1)),
    ),
    uint32('tokenizer.ggml.bos_token_id', 2),
    uint32('tokenizer.ggml.eos_token_id', 3),
    uint32('tokenizer.ggml.unknown_token_id', 1),
    uint32('tokenizer.ggml.seperator_token_id', 3),
    uint32('tokenizer.ggml.padding_token_id', 0),
    uint32('tokenizer.ggml.cls_token_id', 2),
    uint32('tokenizer.ggml.mask_token_id', 4),
  ];
  let offset = 0;
  const infos = tensors.map(({ name, type, shape, data }) => {
    const info = join([string(name), u32(shape.length), ...shape.map(u64), u32(type), u64(offset)]);
    offset += data.length;
    return info;
  });
  const head = join([
    u32(0x46554747),
    u32(3),
    u64(tensors.length),
    u64(metadata.length),
    ...metadata,
    ...infos,
  ]);
  return join([padded(head), ...tensors.map(tensor => tensor.data)]);
}

/** In llama.cpp's form: ▁ before what begins a word, continuations bare. */
function vocabulary(): string[] {
  const printable = Array.from({ length: 94 }, (_, i) => String.fromCharCode(33 + i));
  const characters = [...printable.filter(c => !/[A-Z]/.test(c)), ...CYRILLIC];
  const starts = [...characters, ...CHINESE, ...WORDS].map(token => `▁${token}`);
  const continued = [...characters.filter(c => /[\p{L}\p{N}]/u.test(c)), ...ENDINGS];
  return [...new Set([...SPECIAL, ...starts, ...continued])];
}

interface Tensor {
  name: string;
  type: number;
  shape: number[];
  /** Padded to the alignment. */
  data: Uint8Array<ArrayBuffer>;
}

function weights(tokens: number): Tensor[] {
  const random = generator(20);
  const matrix = (name: string, columns: number, rows: number): Tensor => ({
    name: `${name}.weight`,
    type: Q8_0,
    shape: [columns, rows],
    data: padded(q8Blocks((columns / 32) * rows, random)),
  });
  const floats = (name: string, shape: number[], middle: number): Tensor => {
    const values = new Float32Array(shape.reduce((a, b) => a * b));
    for (let i = 0; i < values.length; i++) values[i] = middle + (random() - 0.5) / 5;
    return { name, type: F32, shape, data: padded(new Uint8Array(values.buffer)) };
  };
  const norm = (name: string) => [floats(`${name}.weight`, [WIDTH], 1), floats(`${name}.bias`, [WIDTH], 0)];
  const layer = (n: number) => [
    ...['attn_q', 'attn_k', 'attn_v', 'attn_output'].flatMap(part => [
      matrix(`blk.${n}.${part}`, WIDTH, WIDTH),
      floats(`blk.${n}.${part}.bias`, [WIDTH], 0),
    ]),
    ...norm(`blk.${n}.attn_output_norm`),
    matrix(`blk.${n}.ffn_up`, WIDTH, INNER),
    floats(`blk.${n}.ffn_up.bias`, [INNER], 0),
    matrix(`blk.${n}.ffn_down`, INNER, WIDTH),
    floats(`blk.${n}.ffn_down.bias`, [WIDTH], 0),
    ...norm(`blk.${n}.layer_output_norm`),
  ];
  return [
    matrix('token_embd', WIDTH, tokens),
    floats('token_types.weight', [WIDTH, 2], 0),
    floats('position_embd.weight', [WIDTH, CONTEXT], 0),
    ...norm('token_embd_norm'),
    ...Array.from({ length: LAYERS }, (_, n) => layer(n)).flat(),
  ];
}

/** Blocks of 32 signed bytes, each with the scale 2^-9 as a 16-bit float before it. */
function q8Blocks(count: number, random: () => number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(count * 34);
  for (let at = 0; at < bytes.length; at += 34) {
    bytes.set([0x00, 0x18], at);
    for (let i = 2; i < 34; i++) bytes[at + i] = Math.floor(random() * 255) - 127;
  }
  return bytes;
}

/** Numbers in [0, 1), always the same for a seed: a linear congruential generator (Numerical Recipes' constants). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) / 2 ** 24;
  };
}

function entry(key: string, type: number, value: Uint8Array): Uint8Array<ArrayBuffer> {
  return join([string(key), u32(type), value]);
}

function text(key: string, value: string): Uint8Array<ArrayBuffer> {
  return entry(key, 8, string(value));
}

function uint32(key: string, value: number): Uint8Array<ArrayBuffer> {
  return entry(key, 4, u32(value));
}

function array(key: string, type: number, count: number, items: Uint8Array[]): Uint8Array<ArrayBuffer> {
  return entry(key, 9, join([u32(type), u64(count), ...items]));
}

function string(value: string): Uint8Array<ArrayBuffer> {
  const bytes = new TextEncoder().encode(value);
  return join([u64(bytes.length), bytes]);
}

function u32(value: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new Uint32Array([value]).buffer);
}

function u64(value: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new BigUint64Array([BigInt(value)]).buffer);
}

function padded(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(Math.ceil(bytes.length / ALIGNMENT) * ALIGNMENT);
  whole.set(bytes);
  return whole;
}

function join(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

// Tests import this file in a browser too, where there is no process.
if (typeof process !== 'undefined' && process.argv[1]?.endsWith('make-tiny-gguf.ts')) {
  const { writeFileSync } = await import('node:fs');
  const out = process.argv[2];
  if (out === undefined) {
    console.error('Usage: npx tsx scripts/make-tiny-gguf.ts out.gguf');
    process.exitCode = 2;
  } else writeFileSync(out, makeTinyGguf());
}
