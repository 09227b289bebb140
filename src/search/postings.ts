import { Arena, offsetOf, pageOf } from './arena.ts';
import { withRoom } from './room.ts';

/** Documents have numbers below this: the last posting of a term is a document's number and how often, in 32 bits. */
export const MOST_DOCUMENTS = 1 << 24;
const MOST_TIMES = 255;
/** Bytes of the blocks of a term, one after the other, the last size for all further ones. */
const SIZES = Uint16Array.of(12, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024);
const LAST_SIZE = SIZES.length - 1;
/** Where a block says which is the next. */
const POINTER = 4;

/** What is held of each term. */
export interface PostingsArrays {
  firsts: Uint32Array<ArrayBuffer>;
  lasts: Uint32Array<ArrayBuffer>;
  befores: Uint32Array<ArrayBuffer>;
  ends: Uint32Array<ArrayBuffer>;
  rooms: Uint16Array<ArrayBuffer>;
  kinds: Uint8Array<ArrayBuffer>;
}

/** Room for what `read` finds. */
export interface Found {
  documents: Uint32Array;
  times: Uint8Array;
}

/**
 * For each term, in which documents it is and how often. A term's last posting is kept by itself, so that a word that
 * stands in one document only, as most do, takes no more; those before it are bytes in a chain of blocks, each block
 * somewhat larger than the one before, so that documents come in one by one and nothing is ever moved. A posting is how
 * far its document is from the one before, in groups of 7 bits, the lowest bit saying that the term is in it once; else
 * a byte says how often. A 0 ends a block that has no room for the next one.
 */
export class Postings {
  private readonly arena: Arena;
  /** Where a term's first block begins; 0 for none. */
  private firsts: Uint32Array<ArrayBuffer>;
  /** Its last document and, in the low 8 bits, how often; 0 for no document. */
  private lasts: Uint32Array<ArrayBuffer>;
  /** One more than the last document in the blocks. */
  private befores: Uint32Array<ArrayBuffer>;
  /** Where the next byte goes, how many still go there, and the place of the block's size in SIZES. */
  private ends: Uint32Array<ArrayBuffer>;
  private rooms: Uint16Array<ArrayBuffer>;
  private kinds: Uint8Array<ArrayBuffer>;

  constructor(saved?: PostingsArrays, pages: readonly Uint8Array<ArrayBuffer>[] = []) {
    this.arena = new Arena(pages);
    this.firsts = saved?.firsts ?? new Uint32Array(FEW);
    this.lasts = saved?.lasts ?? new Uint32Array(FEW);
    this.befores = saved?.befores ?? new Uint32Array(FEW);
    this.ends = saved?.ends ?? new Uint32Array(FEW);
    this.rooms = saved?.rooms ?? new Uint16Array(FEW);
    this.kinds = saved?.kinds ?? new Uint8Array(FEW);
  }

  get bytes(): number {
    const { firsts, lasts, befores, ends, rooms, kinds } = this;
    const own = [firsts, lasts, befores, ends, rooms, kinds];
    return own.reduce((sum, { byteLength }) => sum + byteLength, this.arena.bytes);
  }

  /** What is saved of it, for so many terms. */
  arrays(terms: number): PostingsArrays & Record<string, ArrayBufferView<ArrayBuffer>> {
    this.makeRoomFor(terms - 1);
    return {
      firsts: this.firsts.subarray(0, terms),
      lasts: this.lasts.subarray(0, terms),
      befores: this.befores.subarray(0, terms),
      ends: this.ends.subarray(0, terms),
      rooms: this.rooms.subarray(0, terms),
      kinds: this.kinds.subarray(0, terms),
      ...this.arena.arrays(),
    };
  }

  /** One more occurrence of a term in a document, whose number is that of the last document or higher. */
  add(term: number, document: number): void {
    if (term >= this.lasts.length) this.makeRoomFor(term);
    const last = this.lasts[term] as number;
    if (last !== 0 && last >>> 8 === document) {
      if ((last & MOST_TIMES) < MOST_TIMES) this.lasts[term] = last + 1;
      return;
    }
    this.put(term, ((document << 8) | 1) >>> 0);
  }

  /** In which documents a term is and how often, in the order they came; returns in how many. */
  read(term: number, { documents, times }: Found): number {
    const last = this.lasts[term] as number;
    if (!last) return 0;
    let count = 0;
    let document = -1;
    let kind = 0;
    for (let block = this.firsts[term] as number; block !== 0; kind = Math.min(kind + 1, LAST_SIZE)) {
      const page = this.arena.pages[pageOf(block)] as Uint8Array;
      const from = offsetOf(block);
      block = pointerAt(page, from);
      const end = from + (SIZES[kind] as number) - (block === 0 ? (this.rooms[term] as number) : 0);
      for (let at = from + POINTER; at < end; ) {
        let byte = page[at++] as number;
        if (byte === 0) break;
        let code = byte & 127;
        for (let shift = 7; byte > 127; shift += 7) {
          byte = page[at++] as number;
          code |= (byte & 127) << shift;
        }
        document += code >>> 1;
        documents[count] = document;
        times[count++] = code & 1 ? 1 : (page[at++] as number);
      }
    }
    documents[count] = last >>> 8;
    times[count++] = last & MOST_TIMES;
    return count;
  }

  /** The same with other numbers for the documents, in the same order; those with a negative one are left out. */
  renumbered(numbers: Int32Array, terms: number): Postings {
    const result = new Postings();
    result.makeRoomFor(terms - 1);
    const found = { documents: new Uint32Array(numbers.length), times: new Uint8Array(numbers.length) };
    for (let term = 0; term < terms; term++) {
      const count = this.read(term, found);
      for (let i = 0; i < count; i++) {
        const number = numbers[found.documents[i] as number] as number;
        if (number >= 0) result.put(term, ((number << 8) | (found.times[i] as number)) >>> 0);
      }
    }
    return result;
  }

  /** Makes a posting the last one; the one that was goes into the blocks. */
  private put(term: number, posting: number): void {
    const last = this.lasts[term] as number;
    if (last !== 0) this.append(term, last >>> 8, last & MOST_TIMES);
    this.lasts[term] = posting;
  }

  private append(term: number, document: number, times: number): void {
    let code = ((document + 1 - (this.befores[term] as number)) << 1) | (times === 1 ? 1 : 0);
    const size = sizeOf(code) + (times === 1 ? 0 : 1);
    if ((this.rooms[term] as number) < size) this.addBlock(term);
    this.befores[term] = document + 1;
    const end = this.ends[term] as number;
    const page = this.arena.pages[pageOf(end)] as Uint8Array;
    let at = offsetOf(end);
    for (; code > 127; code >>>= 7) page[at++] = (code & 127) | 128;
    page[at++] = code;
    if (times !== 1) page[at] = times;
    this.ends[term] = end + size;
    this.rooms[term] = (this.rooms[term] as number) - size;
  }

  /** A block to go on in. What was left of the last one stays 0. */
  private addBlock(term: number): void {
    const first = this.firsts[term] === 0;
    const kind = first ? 0 : Math.min((this.kinds[term] as number) + 1, LAST_SIZE);
    const size = SIZES[kind] as number;
    const block = this.arena.take(size);
    if (first) this.firsts[term] = block;
    else {
      const last = (this.ends[term] as number) + (this.rooms[term] as number) - this.lastSize(term);
      setPointer(this.arena.pages[pageOf(last)] as Uint8Array, offsetOf(last), block);
    }
    this.kinds[term] = kind;
    this.ends[term] = block + POINTER;
    this.rooms[term] = size - POINTER;
  }

  private lastSize(term: number): number {
    return SIZES[this.kinds[term] as number] as number;
  }

  private makeRoomFor(term: number): void {
    if (term < this.lasts.length) return;
    this.rooms = withRoom(this.rooms, term + 1);
    this.kinds = withRoom(this.kinds, term + 1);
    // By the last of them it is told whether there is room.
    for (const name of ['firsts', 'befores', 'ends', 'lasts'] as const)
      this[name] = withRoom(this[name], term + 1);
  }
}

/** Terms that there is room for at first. */
const FEW = 512;

/** Bytes of a number in groups of 7 bits; 25 bits at the most. */
function sizeOf(code: number): number {
  return code < 1 << 7 ? 1 : code < 1 << 14 ? 2 : code < 1 << 21 ? 3 : 4;
}

function pointerAt(page: Uint8Array, at: number): number {
  return (
    ((page[at] as number) |
      ((page[at + 1] as number) << 8) |
      ((page[at + 2] as number) << 16) |
      ((page[at + 3] as number) << 24)) >>>
    0
  );
}

function setPointer(page: Uint8Array, at: number, address: number): void {
  for (let i = 0; i < POINTER; i++) page[at + i] = address >>> (8 * i);
}
