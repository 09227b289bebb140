import type { SpmBpeSpec } from '../domain/model.ts';
import { addUnknown, byteTokens } from './byte-tokens.ts';
import { Joints } from './joints.ts';
import { Literals } from './literals.ts';
import { Merger, type Pairs } from './merge.ts';
import { PieceTokenizer, type TextReader } from './piece-tokenizer.ts';
import type { TokenSink } from './token-list.ts';
import { WordList } from './word-list.ts';
import { Words, type WordTokens } from './words.ts';

/** U+2581, which stands for a blank in the vocabulary. */
const BLANK = '▁';
const BLANK_CODE = 0x2581;
/** A character that is no piece. */
const NONE = -2;

/**
 * SentencePiece's BPE (Gemma, Llama 2): blanks become ▁ and are kept, characters merge to the piece of the highest
 * score, and a character that is in no piece is read as its UTF-8 bytes, <0x..>.
 */
export function spmBpeTokenizer(spec: SpmBpeSpec): PieceTokenizer {
  const joints = new Joints();
  for (const token of spec.tokens) joints.add(token);
  const literals = new Literals(spec.tokens, spec.types, joints);
  return new PieceTokenizer(spec, literals, new SpmBpeReader(spec, joints));
}

class SpmBpeReader implements TextReader {
  private readonly joints: Joints;
  private readonly addSpacePrefix: boolean;
  private readonly words: Words;

  constructor(spec: SpmBpeSpec, joints: Joints) {
    this.joints = joints;
    this.addSpacePrefix = spec.addSpacePrefix;
    const splitter = new SpmWords(spec);
    this.words = new Words(word => splitter.split(word));
  }

  read(text: string, fresh: boolean, sink: TokenSink): void {
    const blanked = text.replaceAll(' ', BLANK);
    if (!fresh || !this.addSpacePrefix) {
      this.readEscaped(blanked, sink);
      return;
    }
    const shifted: TokenSink = {
      unknown: 0,
      add: (id, start, end) => sink.add(id, Math.max(0, start - 1), end - 1),
    };
    this.readEscaped(BLANK + blanked, shifted);
    sink.unknown += shifted.unknown;
  }

  fallsApart(previous: number, next: number): boolean {
    if (isSurrogate(previous) || isSurrogate(next)) return false;
    return !this.joints.has(previous, next) && !this.joints.has(escaped(previous), escaped(next));
  }

  /** Words are what no piece reaches over the ends of. */
  private readEscaped(text: string, sink: TokenSink): void {
    const { joints, words } = this;
    let from = 0;
    let previous = -1;
    for (let at = 0; at < text.length; ) {
      const code = text.codePointAt(at) as number;
      if (previous >= 0 && !joints.has(previous, code)) {
        words.read(text, from, at, sink);
        from = at;
      }
      previous = code;
      at += code > 0xffff ? 2 : 1;
    }
    if (text.length > from) words.read(text, from, text.length, sink);
  }
}

/** Reads single words. */
class SpmWords implements Pairs {
  rank = 0;
  merged = 0;
  private word = '';
  private readonly byText = new Map<string, number>();
  /** Place of each piece's score among all scores, the highest first. */
  private readonly ranks: Int32Array;
  private readonly bytes: Int32Array | undefined;
  private readonly unknownId: number;
  private readonly merger = new Merger();
  private readonly found = new WordList();

  constructor({ tokens, types, scores, unknown }: SpmBpeSpec) {
    for (let id = 0; id < tokens.length; id++) {
      const token = tokens[id] as string;
      if (!this.byText.has(token)) this.byText.set(token, id);
    }
    this.ranks = new Int32Array(tokens.length);
    const order = Float32Array.from(new Set(scores)).sort().reverse();
    const rankOf = new Map(Array.from(order, (score, rank) => [score, rank]));
    for (let id = 0; id < tokens.length; id++) this.ranks[id] = rankOf.get(scores[id] as number) ?? 0;
    this.bytes = byteTokens(tokens, types);
    this.unknownId = unknown ?? -1;
  }

  find(_left: number, _right: number, start: number, end: number): boolean {
    const id = this.byText.get(this.word.slice(start, end));
    if (id === undefined) return false;
    this.merged = id;
    this.rank = this.ranks[id] as number;
    return true;
  }

  split(word: string): WordTokens {
    const { merger } = this;
    this.word = word;
    merger.reserve(word.length);
    let size = 0;
    let at = 0;
    for (const character of word) {
      at += character.length;
      merger.symbols[size] = this.byText.get(character) ?? NONE;
      merger.ends[size++] = at;
    }
    const left = merger.run(size, this);
    const { found } = this;
    found.clear();
    let from = 0;
    for (let i = 0; i < left; i++) {
      const to = merger.ends[i] as number;
      const id = merger.symbols[i] as number;
      if (id !== NONE) found.add(id, from, to);
      else addUnknown(word, from, to, this.bytes, this.unknownId, found);
      from = to;
    }
    return found;
  }
}

function escaped(code: number): number {
  return code === 0x20 ? BLANK_CODE : code;
}

function isSurrogate(code: number): boolean {
  return code >= 0xd800 && code < 0xe000;
}
