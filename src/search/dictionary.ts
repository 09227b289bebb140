import { withRoom } from './room.ts';

/** Arrays of a dictionary as they are saved; see TermDictionary. */
export interface DictionaryArrays {
  units: Uint16Array<ArrayBuffer>;
  /** Where each term's units end. */
  termEnds: Uint32Array<ArrayBuffer>;
}

/**
 * Terms and their numbers, 0 for the first that was met. They are kept as units in one array rather than as strings
 * in a Map: that is smaller, saved and loaded as it is, and read from a text without making a string.
 */
export class TermDictionary {
  private terms = 0;
  private units: Uint16Array<ArrayBuffer>;
  /** Where each term's units end; they begin where the one before ends. */
  private ends: Uint32Array<ArrayBuffer>;
  private hashes: Uint32Array<ArrayBuffer>;
  /** First two units of each term: what nearly all that begin otherwise are told by. */
  private heads: Uint32Array<ArrayBuffer>;
  /** Term + 1 by hash, open addressing; 0 where free. At most half full. */
  private slots = new Uint32Array(1024);

  constructor(saved?: DictionaryArrays) {
    this.units = saved?.units ?? new Uint16Array(4096);
    this.ends = saved?.termEnds ?? new Uint32Array(512);
    this.hashes = new Uint32Array(this.ends.length);
    this.heads = new Uint32Array(this.ends.length);
    if (!saved) return;
    this.terms = saved.termEnds.length;
    for (let term = 0; term < this.terms; term++) this.derive(term);
    this.rehash();
  }

  get size(): number {
    return this.terms;
  }

  get bytes(): number {
    const { units, ends, hashes, heads, slots } = this;
    return [units, ends, hashes, heads, slots].reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  /** What is saved of it. */
  arrays(): DictionaryArrays {
    const termEnds = this.ends.subarray(0, this.terms);
    return { units: this.units.subarray(0, termEnds.at(-1) ?? 0), termEnds };
  }

  /** The number of units[start, end); -1 where it was never met. */
  find(units: ArrayLike<number>, start: number, end: number): number {
    return (this.slots[this.slotOf(units, start, end, hash(units, start, end))] as number) - 1;
  }

  /** The number of units[start, end), a new one where it was never met. */
  intern(units: ArrayLike<number>, start: number, end: number): number {
    const key = hash(units, start, end);
    const slot = this.slotOf(units, start, end, key);
    const known = this.slots[slot] as number;
    if (known > 0) return known - 1;
    const term = this.terms;
    this.makeRoom(end - start);
    this.terms++;
    const from = this.startOf(term);
    for (let i = start; i < end; i++) this.units[from + i - start] = units[i] as number;
    this.ends[term] = from + end - start;
    this.derive(term, key);
    this.slots[slot] = term + 1;
    if (this.terms * 2 > this.slots.length) this.rehash();
    return term;
  }

  /** All terms that begin with `beginning`, itself included. */
  beginningWith(beginning: string): number[] {
    const size = beginning.length;
    const found: number[] = [];
    const head = (beginning.charCodeAt(0) << 16) | (size > 1 ? beginning.charCodeAt(1) : 0);
    const shift = size > 1 ? 0 : 16;
    for (let term = 0; term < this.terms; term++) {
      if (((this.heads[term] as number) ^ head) >>> shift === 0 && this.beginsWith(term, beginning)) {
        found.push(term);
      }
    }
    return found;
  }

  private beginsWith(term: number, beginning: string): boolean {
    const from = this.startOf(term);
    if ((this.ends[term] as number) - from < beginning.length) return false;
    for (let i = 2; i < beginning.length; i++) {
      if (this.units[from + i] !== beginning.charCodeAt(i)) return false;
    }
    return true;
  }

  private startOf(term: number): number {
    return term === 0 ? 0 : (this.ends[term - 1] as number);
  }

  private slotOf(units: ArrayLike<number>, start: number, end: number, key: number): number {
    const mask = this.slots.length - 1;
    for (let slot = key & mask; ; slot = (slot + 1) & mask) {
      const known = (this.slots[slot] as number) - 1;
      if (known < 0 || (this.hashes[known] === key && this.equals(known, units, start, end))) return slot;
    }
  }

  private equals(term: number, units: ArrayLike<number>, start: number, end: number): boolean {
    const from = this.startOf(term);
    if ((this.ends[term] as number) - from !== end - start) return false;
    for (let i = start; i < end; i++) if (this.units[from + i - start] !== units[i]) return false;
    return true;
  }

  private derive(term: number, key?: number): void {
    const from = this.startOf(term);
    const end = this.ends[term] as number;
    this.hashes[term] = key ?? hash(this.units, from, end);
    this.heads[term] =
      ((this.units[from] as number) << 16) | (end - from > 1 ? (this.units[from + 1] as number) : 0);
  }

  /** For one more term, of so many units. */
  private makeRoom(units: number): void {
    this.units = withRoom(this.units, this.startOf(this.terms) + units);
    for (const name of ['ends', 'hashes', 'heads'] as const)
      this[name] = withRoom(this[name], this.terms + 1);
  }

  private rehash(): void {
    let size = this.slots.length;
    while (this.terms * 2 > size) size *= 2;
    const slots = new Uint32Array(size);
    for (let term = 0; term < this.terms; term++) {
      let slot = (this.hashes[term] as number) & (size - 1);
      while (slots[slot] !== 0) slot = (slot + 1) & (size - 1);
      slots[slot] = term + 1;
    }
    this.slots = slots;
  }
}

function hash(units: ArrayLike<number>, start: number, end: number): number {
  let value = end - start;
  for (let i = start; i < end; i++) value = Math.imul(value ^ (units[i] as number), 0x01000193);
  value = Math.imul(value ^ (value >>> 15), 0x85ebca6b);
  return (value ^ (value >>> 13)) >>> 0;
}
