import type { TokenSink } from './token-list.ts';

/** Longer words are seldom met twice. */
const LONGEST_KEPT = 64;
const SLOTS = 1 << 15;
const UNITS = 1 << 18;
const NUMBERS = 1 << 19;

/** The tokens of one word: ids, and UTF-16 offsets from the word's start. */
export interface WordTokens {
  count: number;
  unknown: number;
  ids: Int32Array;
  starts: Int32Array;
  ends: Int32Array;
}

/**
 * Words and their tokens, found again by what they are made of: a text repeats its words, and reading one from its
 * characters costs some fifty times more. Copies of the units are kept rather than strings, which would keep the
 * whole text that they were cut from. When it is full it begins anew.
 */
export class Words {
  private readonly split: (word: string) => WordTokens;
  /** Index into `numbers` + 1; 0 where the slot is free. */
  private readonly slots = new Int32Array(SLOTS);
  private readonly units = new Uint16Array(UNITS);
  /** For each word: where its units are, how many, tokens, unknown, then id, start, end of each token. */
  private readonly numbers = new Int32Array(NUMBERS);
  private unitsUsed = 0;
  private numbersUsed = 0;
  private slotsUsed = 0;

  /** `split` reads one word; its result is used until its next call. */
  constructor(split: (word: string) => WordTokens) {
    this.split = split;
  }

  /** Reads the word text[from, to). */
  read(text: string, from: number, to: number, sink: TokenSink): void {
    const length = to - from;
    if (length > LONGEST_KEPT) {
      const { count, unknown, ids, starts, ends } = this.split(text.slice(from, to));
      sink.unknown += unknown;
      for (let i = 0; i < count; i++) {
        sink.add(ids[i] as number, from + (starts[i] as number), from + (ends[i] as number));
      }
      return;
    }
    const { numbers } = this;
    const at = this.find(text, from, length);
    const end = at + 4 + (numbers[at + 2] as number) * 3;
    sink.unknown += numbers[at + 3] as number;
    for (let i = at + 4; i < end; i += 3) {
      sink.add(numbers[i] as number, from + (numbers[i + 1] as number), from + (numbers[i + 2] as number));
    }
  }

  private find(text: string, from: number, length: number): number {
    const { slots, units, numbers } = this;
    let hash = length;
    for (let i = 0; i < length; i++) hash = Math.imul(hash ^ text.charCodeAt(from + i), 0x01000193);
    hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
    let slot = (hash ^ (hash >>> 13)) & (SLOTS - 1);
    for (;;) {
      const kept = slots[slot] as number;
      if (kept === 0) return this.keep(text.slice(from, from + length), slot);
      if (numbers[kept] === length) {
        const start = numbers[kept - 1] as number;
        let i = 0;
        while (i < length && units[start + i] === text.charCodeAt(from + i)) i++;
        if (i === length) return kept - 1;
      }
      slot = (slot + 1) & (SLOTS - 1);
    }
  }

  private keep(word: string, free: number): number {
    const { count, unknown, ids, starts, ends } = this.split(word);
    const size = 4 + count * 3;
    const full = this.unitsUsed + word.length > UNITS || this.numbersUsed + size > NUMBERS;
    if (full || this.slotsUsed * 2 > SLOTS) {
      this.slots.fill(0);
      this.unitsUsed = 0;
      this.numbersUsed = 0;
      this.slotsUsed = 0;
    }
    const at = this.numbersUsed;
    this.slots[free] = at + 1;
    this.slotsUsed++;
    const { numbers, units } = this;
    numbers[at] = this.unitsUsed;
    numbers[at + 1] = word.length;
    numbers[at + 2] = count;
    numbers[at + 3] = unknown;
    for (let i = 0; i < count; i++) {
      numbers[at + 4 + i * 3] = ids[i] as number;
      numbers[at + 5 + i * 3] = starts[i] as number;
      numbers[at + 6 + i * 3] = ends[i] as number;
    }
    for (let i = 0; i < word.length; i++) units[this.unitsUsed + i] = word.charCodeAt(i);
    this.unitsUsed += word.length;
    this.numbersUsed += size;
    return at;
  }
}
