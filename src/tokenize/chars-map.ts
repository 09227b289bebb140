import { VecdropError } from '../domain/errors.ts';
import { utf8 } from './utf8.ts';

/** More than any table of SentencePiece's needs; a broken one may lead in circles. */
const MOST_STEPS = 20_000_000;

/**
 * SentencePiece's normalisation table (precompiled_charsmap): byte sequences and what replaces them. Four bytes of
 * length, a double array (Darts-clone) over the sequences, then the replacements, each ended by a NUL.
 * A unit of the array holds a label in bits 0-7, "a value follows" in bit 8, an offset in bits 10-30 that bit 9
 * shifts by 8; a value is an offset into the replacements.
 */
export class CharsMap {
  /** Of what `match` found: UTF-16 units of the text that are replaced (0 where none are), and what by. */
  length = 0;
  replacement = '';
  private readonly units: Uint32Array;
  private readonly replacements: Uint8Array;
  private readonly strings = new Map<number, string>();
  private readonly decoder = new TextDecoder();
  private joined: { firsts: Set<number>; followers: Set<number> } | undefined;

  /** Throws 'model/corrupt' where the lengths do not fit. */
  constructor(bytes: Uint8Array) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const length = bytes.byteLength < 4 ? 0 : view.getUint32(0, true);
    if (length === 0 || length % 4 !== 0 || length > bytes.byteLength - 4) throw broken();
    this.units = Uint32Array.from({ length: length / 4 }, (_, i) => view.getUint32(4 + i * 4, true));
    this.replacements = bytes.subarray(4 + length);
  }

  /** Looks for the longest sequence at a place of a well-formed text. Throws 'model/corrupt' for a broken table. */
  match(text: string, from: number): void {
    this.length = 0;
    let node = this.child(0, 0);
    let value = -1;
    for (let at = from; at < text.length; ) {
      const code = text.codePointAt(at) as number;
      at += code > 0xffff ? 2 : 1;
      if (code < 0x80) node = this.step(node, code);
      else for (const byte of utf8(code)) if (node >= 0) node = this.step(node, byte);
      if (node < 0) break;
      if (this.hasValue) {
        value = this.value(node);
        this.length = at - from;
      }
    }
    if (value >= 0) this.replacement = this.string(value);
  }

  /** Code points that begin a sequence of several, and those that stand further on in one. */
  get joins(): { firsts: ReadonlySet<number>; followers: ReadonlySet<number> } {
    this.joined ??= this.findJoins();
    return this.joined;
  }

  /** Set by `step`: whether a sequence ends there. */
  private hasValue = false;

  /** The place that the children of a unit are counted from. */
  private child(index: number, at: number): number {
    const unit = this.unit(index);
    return (at ^ ((unit >>> 10) << ((unit & 0x200) >>> 6))) >>> 0;
  }

  /** From the place that a node's children are counted from to that of one of its children; -1 where it has none such. */
  private step(node: number, byte: number): number {
    if (byte === 0) return -1;
    const index = (node ^ byte) >>> 0;
    const unit = this.units[index];
    if (unit === undefined || (unit & 0x800000ff) !== byte) return -1;
    this.hasValue = ((unit >>> 8) & 1) !== 0;
    return this.child(index, index);
  }

  private value(node: number): number {
    return this.unit(node) & 0x7fffffff;
  }

  private unit(index: number): number {
    const unit = this.units[index];
    if (unit === undefined) throw broken();
    return unit;
  }

  private string(offset: number): string {
    let found = this.strings.get(offset);
    if (found === undefined) {
      const end = this.replacements.indexOf(0, offset);
      if (end < 0) throw broken();
      found = this.decoder.decode(this.replacements.subarray(offset, end));
      this.strings.set(offset, found);
    }
    return found;
  }

  private findJoins(): { firsts: Set<number>; followers: Set<number> } {
    const firsts = new Set<number>();
    const followers = new Set<number>();
    const seen = new Set<number>();
    const open: number[] = [];
    let budget = MOST_STEPS;
    /** Goes over all code points that lead on from a node, `left` bytes before the end of one. */
    const follow = (
      node: number,
      code: number,
      left: number,
      found: (code: number, end: number) => void,
    ): void => {
      const [low, high] = left < 0 ? [1, 0xf4] : [0x80, 0xbf];
      for (let byte = low; byte <= high; byte++) {
        if (budget-- === 0) throw broken();
        const next = this.step(node, byte);
        if (next < 0) continue;
        const more = left < 0 ? (byte < 0xc0 ? 0 : byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3) : left - 1;
        const bits = left < 0 ? byte & (more === 0 ? 0x7f : 0x3f >> more) : (code << 6) | (byte & 0x3f);
        if (more === 0) found(bits, next);
        else follow(next, bits, more, found);
      }
    };
    follow(this.child(0, 0), 0, -1, (code, end) => {
      follow(end, 0, -1, () => firsts.add(code));
      open.push(end);
    });
    // Ends of sequences are shared between them: each place is gone on from once.
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      if (seen.has(node)) continue;
      seen.add(node);
      follow(node, 0, -1, (code, end) => {
        followers.add(code);
        open.push(end);
      });
    }
    return { firsts, followers };
  }
}

function broken(): VecdropError {
  return new VecdropError(
    'model/corrupt',
    'The model’s table for normalising text is broken. Download the model again, or choose another one.',
  );
}
