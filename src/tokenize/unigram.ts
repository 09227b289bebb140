import type { UnigramSpec } from '../domain/model.ts';
import { addUnknown, byteTokens } from './byte-tokens.ts';
import { CharsMap } from './chars-map.ts';
import { Joints } from './joints.ts';
import { Literals } from './literals.ts';
import { Normalized } from './normalized.ts';
import { PieceTokenizer, type TextReader } from './piece-tokenizer.ts';
import { PieceTree, ROOT } from './piece-tree.ts';
import type { TokenSink } from './token-list.ts';
import { WordList } from './word-list.ts';
import { Words, type WordTokens } from './words.ts';

const NORMAL = 1;
const UNUSED = 5;
/** What an unknown character costs beyond the least likely piece; SentencePiece's kUnkPenalty. */
const UNKNOWN_PENALTY = 10;
const BLANK = 0x2581;

/**
 * SentencePiece's Unigram (XLM-R, bge-m3, multilingual-e5, T5): the most likely pieces of the normalised text, by
 * Viterbi over all of them. Characters that no piece fits cost UNKNOWN_PENALTY; those in a row are one unknown, or
 * their bytes where the vocabulary has them. As SentencePiece and llama.cpp; Hugging Face's normaliser looks at whole
 * grapheme clusters and takes the shortest entry of the table where they take the longest.
 */
export function unigramTokenizer(spec: UnigramSpec): PieceTokenizer {
  const joints = new Joints();
  const literals = new Literals(spec.tokens, spec.types, joints);
  return new PieceTokenizer(spec, literals, new UnigramReader(spec, joints));
}

class UnigramReader implements TextReader {
  /** Neighbours within literals as they are written, and within pieces. */
  private readonly joints: Joints;
  private readonly charsMap: CharsMap | undefined;
  private readonly normalized: Normalized;
  private readonly pieces: Pieces;
  private readonly words: Words;

  constructor(spec: UnigramSpec, joints: Joints) {
    this.joints = joints;
    this.charsMap = spec.charsMap && spec.charsMap.length > 0 ? new CharsMap(spec.charsMap) : undefined;
    this.normalized = new Normalized(this.charsMap, spec.addSpacePrefix, spec.removeExtraWhitespaces);
    this.pieces = new Pieces(spec, joints);
    this.words = new Words(word => this.pieces.split(word));
  }

  read(text: string, fresh: boolean, sink: TokenSink): void {
    const { normalized, pieces, words } = this;
    normalized.read(text, fresh);
    const { starts, ends } = normalized;
    const mapped: TokenSink = {
      unknown: 0,
      add: (id, start, end) => sink.add(id, starts[start] as number, ends[end - 1] as number),
    };
    let from = 0;
    let previous = -1;
    for (let at = 0; at < normalized.text.length; ) {
      const code = normalized.text.codePointAt(at) as number;
      if (previous >= 0 && pieces.fallApart(previous, code)) {
        words.read(normalized.text, from, at, mapped);
        from = at;
      }
      previous = code;
      at += code > 0xffff ? 2 : 1;
    }
    if (normalized.text.length > from) words.read(normalized.text, from, normalized.text.length, mapped);
    sink.unknown += mapped.unknown;
  }

  fallsApart(previous: number, next: number): boolean {
    if (isSurrogate(previous) || isSurrogate(next) || this.joints.has(previous, next)) return false;
    // Either side must be normalised the same whatever it stands beside.
    const joins = this.charsMap?.joins;
    if (joins && (joins.followers.has(previous) || joins.followers.has(next) || joins.firsts.has(next)))
      return false;
    const left = [...this.normalForm(previous)].at(-1)?.codePointAt(0);
    const right = this.normalForm(next).codePointAt(0);
    // What disappears, and blanks, may or may not count, depending on what is around them.
    if (left === undefined || right === undefined || left === 0x20) return false;
    return this.pieces.fallApart(left, right === 0x20 ? BLANK : right);
  }

  private normalForm(code: number): string {
    const character = String.fromCodePoint(code);
    const { charsMap } = this;
    charsMap?.match(character, 0);
    return charsMap && charsMap.length > 0 ? charsMap.replacement : character;
  }
}

/** Reads single words of normalised text. */
class Pieces {
  private readonly tree = new PieceTree();
  private readonly scores: Float32Array;
  private readonly unknownScore: number;
  private readonly unknownId: number;
  private readonly bytes: Int32Array | undefined;
  private readonly joints: Joints;
  /** Code points that are pieces by themselves. */
  private readonly known = new Set<number>();
  private readonly found = new WordList();
  /** For each place in the word: the score of the best way there, its last piece (-1 unknown), and where that began. */
  private best = new Float64Array(128);
  private lastIds = new Int32Array(128);
  private origins = new Int32Array(128);

  constructor({ tokens, types, scores, unknown, byteFallback }: UnigramSpec, joints: Joints) {
    let lowest = Number.POSITIVE_INFINITY;
    for (let id = 0; id < tokens.length; id++) {
      const token = tokens[id] as string;
      const type = types[id];
      if ((type !== NORMAL && type !== UNUSED) || token === '') continue;
      if (type === NORMAL) lowest = Math.min(lowest, scores[id] as number);
      this.tree.add(token, id);
      joints.add(token);
      const code = token.codePointAt(0) as number;
      if (token.length === (code > 0xffff ? 2 : 1)) this.known.add(code);
    }
    this.scores = scores;
    this.unknownScore = (lowest === Number.POSITIVE_INFINITY ? 0 : lowest) - UNKNOWN_PENALTY;
    this.unknownId = unknown ?? -1;
    this.bytes = byteFallback ? byteTokens(tokens, types) : undefined;
    this.joints = joints;
  }

  /** Whether no piece and no run of unknown characters reaches over the place between two code points. */
  fallApart(previous: number, next: number): boolean {
    return !this.joints.has(previous, next) && (this.known.has(next) || this.known.has(previous));
  }

  split(word: string): WordTokens {
    const { tree, scores, found } = this;
    this.reserve(word.length + 1);
    const { best, lastIds, origins } = this;
    best.fill(Number.NEGATIVE_INFINITY, 1, word.length + 1);
    best[0] = 0;
    for (let at = 0; at < word.length; ) {
      const width = (word.codePointAt(at) as number) > 0xffff ? 2 : 1;
      const score = best[at] as number;
      let alone = false;
      for (let node = tree.step(ROOT, word.charCodeAt(at)), end = at + 1; node > 0; end++) {
        const id = tree.accepted(node);
        if (id >= 0) {
          if (end - at === width) alone = true;
          const candidate = score + (scores[id] as number);
          if (candidate > (best[end] as number)) {
            best[end] = candidate;
            lastIds[end] = id;
            origins[end] = at;
          }
        }
        if (end === word.length) break;
        node = tree.step(node, word.charCodeAt(end));
      }
      const end = at + width;
      if (!alone && score + this.unknownScore > (best[end] as number)) {
        best[end] = score + this.unknownScore;
        lastIds[end] = -1;
        origins[end] = at;
      }
      at = end;
    }
    found.clear();
    // Unknown runs may become several bytes: so in order, from the places that the best way goes over.
    for (let at = word.length; at > 0; at = origins[at] as number)
      found.add(lastIds[at] as number, origins[at] as number, at);
    found.reverse();
    return this.bytesAndUnknown(word);
  }

  /** The pieces found, with runs of unknown ones as one, or as bytes. */
  private bytesAndUnknown(word: string): WordTokens {
    const { found } = this;
    if (!found.ids.subarray(0, found.count).includes(-1)) return found;
    const whole = new WordList();
    for (let i = 0; i < found.count; i++) {
      const start = found.starts[i] as number;
      if ((found.ids[i] as number) >= 0) {
        whole.add(found.ids[i] as number, start, found.ends[i] as number);
        continue;
      }
      while (i + 1 < found.count && found.ids[i + 1] === -1) i++;
      addUnknown(word, start, found.ends[i] as number, this.bytes, this.unknownId, whole);
    }
    return whole;
  }

  private reserve(places: number): void {
    if (places <= this.best.length) return;
    const length = 1 << Math.ceil(Math.log2(places));
    this.best = new Float64Array(length);
    this.lastIds = new Int32Array(length);
    this.origins = new Int32Array(length);
  }
}

function isSurrogate(code: number): boolean {
  return code >= 0xd800 && code < 0xe000;
}
