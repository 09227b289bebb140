import type { ByteBpeSpec } from '../domain/model.ts';
import { byteCharacters } from './byte-alphabet.ts';
import { Joints } from './joints.ts';
import { Literals } from './literals.ts';
import { Merger, type Pairs } from './merge.ts';
import { composed } from './nfc.ts';
import { PieceTokenizer, type TextReader } from './piece-tokenizer.ts';
import { alwaysCuts, type PreTokenizer, preTokenizer, preTokens } from './pre-tokenizers.ts';
import type { TokenSink } from './token-list.ts';
import { utf8 } from './utf8.ts';
import { Words, type WordTokens } from './words.ts';

/** No token of the vocabulary: a byte that it lacks. */
const NONE = -2;

/**
 * Byte-level BPE (GPT-2, Qwen, Llama 3, ModernBERT): pre-tokens by the family's pattern, their UTF-8 bytes merged by
 * rank. A token's offsets are those of the characters that it has bytes of. Bytes that the vocabulary lacks are left
 * out, or unknown where it has a token for that.
 * Where the pre-tokenizer is unknown (`exact` false), text is cut finer than any pattern would: the counts are then
 * an upper bound for every vocabulary met so far, and the ids are not what the model was trained on.
 */
export function byteBpeTokenizer(spec: ByteBpeSpec): PieceTokenizer {
  const family = preTokenizer(spec.exact ? spec.preTokenizer : '');
  const joints = new Joints();
  const literals = new Literals(spec.tokens, spec.types, joints, family.stripped);
  return new PieceTokenizer(spec, literals, new ByteBpeReader(spec, family, joints));
}

class ByteBpeReader implements TextReader {
  private readonly family: PreTokenizer;
  private readonly joints: Joints;
  private readonly words: Words;

  constructor(spec: ByteBpeSpec, family: PreTokenizer, joints: Joints) {
    this.family = family;
    this.joints = joints;
    const splitter = new ByteWords(spec, family.wholeWords === true);
    this.words = new Words(word => splitter.split(word));
  }

  read(text: string, _fresh: boolean, sink: TokenSink): void {
    const normal = this.family.nfc ? composed(text) : undefined;
    if (normal) {
      const { starts, ends } = normal;
      const mapped: TokenSink = {
        unknown: 0,
        add: (id, start, end) => sink.add(id, starts[start] as number, ends[end - 1] as number),
      };
      this.readComposed(normal.text, mapped);
      sink.unknown += mapped.unknown;
    } else this.readComposed(text, sink);
  }

  fallsApart(previous: number, next: number): boolean {
    return alwaysCuts(previous, next) && !this.joints.has(previous, next);
  }

  private readComposed(text: string, sink: TokenSink): void {
    let from = 0;
    for (const to of preTokens(text, this.family)) {
      this.words.read(text, from, to, sink);
      from = to;
    }
  }
}

/** Reads single pre-tokens. */
class ByteWords implements Pairs {
  rank = 0;
  merged = 0;
  private readonly byteIds = new Int32Array(256);
  private readonly byText: ReadonlyMap<string, number>;
  private readonly unknownId: number;
  private readonly wholeWords: boolean;
  /** Four numbers a merge: left + 1 (0 where the slot is free), right, what they become, rank. */
  private readonly table: Int32Array;
  private readonly merger = new Merger();
  private starts = new Int32Array(64);
  /** For each byte of the word, the offsets of its character. */
  private characterStarts = new Int32Array(64);
  private characterEnds = new Int32Array(64);
  private ends = new Int32Array(64);

  constructor(spec: ByteBpeSpec, wholeWords: boolean) {
    this.byText = new Map(spec.tokens.map((token, id) => [token, id]));
    this.unknownId = spec.unknown ?? NONE;
    this.wholeWords = wholeWords;
    byteCharacters.forEach((character, byte) => {
      this.byteIds[byte] = this.byText.get(character) ?? NONE;
    });
    this.table = new Int32Array(4 << Math.ceil(Math.log2(spec.merges.length * 1.5 + 2)));
    for (const [rank, merge] of spec.merges.entries()) this.addMerge(merge, rank);
  }

  find(left: number, right: number): boolean {
    const { table } = this;
    const mask = table.length - 1;
    for (let slot = hash(left, right) & mask; table[slot] !== 0; slot = (slot + 4) & mask) {
      if (table[slot] !== left + 1 || table[slot + 1] !== right) continue;
      this.merged = table[slot + 2] as number;
      this.rank = table[slot + 3] as number;
      return true;
    }
    return false;
  }

  split(word: string): WordTokens {
    const { merger, byteIds } = this;
    this.reserve(word.length * 3);
    const { characterStarts, characterEnds, starts, ends } = this;
    const { symbols } = merger;
    let size = 0;
    let at = 0;
    for (const character of word) {
      const to = at + character.length;
      for (const byte of utf8(character.codePointAt(0) as number)) {
        symbols[size] = byteIds[byte] as number;
        characterStarts[size] = at;
        characterEnds[size] = to;
        merger.ends[size] = size + 1;
        size++;
      }
      at = to;
    }
    const whole = this.wholeWords ? this.byText.get(asBytes(word)) : undefined;
    if (whole !== undefined) {
      symbols[0] = whole;
      merger.ends[0] = size;
    }
    const left = whole === undefined ? merger.run(size, this) : 1;
    let count = 0;
    let unknown = 0;
    let from = 0;
    for (let i = 0; i < left; i++) {
      const to = merger.ends[i] as number;
      const id = symbols[i] as number;
      if (id === NONE) unknown++;
      if (id !== NONE || this.unknownId !== NONE) {
        symbols[count] = id === NONE ? this.unknownId : id;
        starts[count] = characterStarts[from] as number;
        ends[count++] = characterEnds[to - 1] as number;
      }
      from = to;
    }
    return { count, unknown, ids: symbols, starts, ends };
  }

  private addMerge(merge: string, rank: number): void {
    const space = merge.indexOf(' ', 1);
    const left = this.byText.get(merge.slice(0, space));
    const right = this.byText.get(merge.slice(space + 1));
    const merged = this.byText.get(merge.slice(0, space) + merge.slice(space + 1));
    if (left === undefined || right === undefined || merged === undefined || this.find(left, right)) return;
    const { table } = this;
    const mask = table.length - 1;
    let slot = hash(left, right) & mask;
    while (table[slot] !== 0) slot = (slot + 4) & mask;
    table[slot] = left + 1;
    table[slot + 1] = right;
    table[slot + 2] = merged;
    table[slot + 3] = rank;
  }

  private reserve(bytes: number): void {
    this.merger.reserve(bytes);
    const { length } = this.merger.symbols;
    if (this.starts.length >= length) return;
    this.starts = new Int32Array(length);
    this.ends = new Int32Array(length);
    this.characterStarts = new Int32Array(length);
    this.characterEnds = new Int32Array(length);
  }
}

function asBytes(word: string): string {
  let text = '';
  for (const character of word) {
    for (const byte of utf8(character.codePointAt(0) as number)) text += byteCharacters[byte];
  }
  return text;
}

/** First number of the slot to look at, before it is cut to the table's size. */
function hash(left: number, right: number): number {
  const mixed = Math.imul(Math.imul(left, 0x9e3779b1) ^ right, 0x85ebca6b);
  return (mixed ^ (mixed >>> 15)) << 2;
}
