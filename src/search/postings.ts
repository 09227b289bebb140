/** Numbers of a term's largest block of postings. */
const LARGEST_BLOCK = 512;
/** Documents have numbers below this: a posting is a document's number and, in the low 8 bits, how often. */
export const MOST_DOCUMENTS = 1 << 24;
const MOST_TIMES = 255;

/** Arrays of postings as they are saved; see Postings. */
export interface PostingsArrays {
  arena: Uint32Array<ArrayBuffer>;
  firsts: Uint32Array<ArrayBuffer>;
  lasts: Uint32Array<ArrayBuffer>;
  rooms: Uint16Array<ArrayBuffer>;
  sizes: Uint16Array<ArrayBuffer>;
}

/**
 * For each term, in which documents it is and how often. Terms share one array: each has a chain of blocks in it,
 * every one twice as large as the one before, so that documents come in one by one and nothing is ever moved. The
 * first number of a block is where the next begins; 0 for none.
 */
export class Postings {
  private arena = new Uint32Array(1 << 14);
  /** 0 stands for no block. */
  private used = 1;
  /** Where a term's first block begins, and where its last posting is; 0 for none. */
  private firsts = new Uint32Array(512);
  private lasts = new Uint32Array(512);
  /** How many postings still go into the last block, and how large that is. */
  private rooms = new Uint16Array(512);
  private sizes = new Uint16Array(512);

  constructor(saved?: PostingsArrays) {
    if (!saved) return;
    this.arena = saved.arena;
    this.used = saved.arena.length;
    this.firsts = saved.firsts;
    this.lasts = saved.lasts;
    this.rooms = saved.rooms;
    this.sizes = saved.sizes;
  }

  get bytes(): number {
    const { arena, firsts, lasts, rooms, sizes } = this;
    return [arena, firsts, lasts, rooms, sizes].reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  /** What is saved of it, for so many terms. */
  arrays(terms: number): PostingsArrays {
    this.makeRoomFor(terms - 1);
    return {
      arena: this.arena.slice(0, this.used),
      firsts: this.firsts.slice(0, terms),
      lasts: this.lasts.slice(0, terms),
      rooms: this.rooms.slice(0, terms),
      sizes: this.sizes.slice(0, terms),
    };
  }

  /** One more occurrence of a term in a document, whose number is that of the last document or higher. */
  add(term: number, document: number): void {
    if (term >= this.firsts.length) this.makeRoomFor(term);
    const last = this.lasts[term] as number;
    if (last !== 0) {
      const posting = this.arena[last] as number;
      if (posting >>> 8 === document) {
        if ((posting & MOST_TIMES) < MOST_TIMES) this.arena[last] = posting + 1;
        return;
      }
    }
    this.append(term, last, ((document << 8) | 1) >>> 0);
  }

  /** Calls `visit` with each document that a term is in, and how often, in the order they came. */
  each(term: number, visit: (document: number, times: number) => void): void {
    const { arena } = this;
    const last = this.lasts[term] as number;
    if (!last) return;
    let size = 1;
    for (let block = this.firsts[term] as number; ; block = arena[block] as number) {
      const end = block + size;
      for (let at = block + 1; at <= end; at++) {
        const posting = arena[at] as number;
        visit(posting >>> 8, posting & MOST_TIMES);
        if (at === last) return;
      }
      size = Math.min(size * 2, LARGEST_BLOCK);
    }
  }

  /** The same with other numbers for the documents, in the same order; those with a negative one are left out. */
  renumbered(numbers: Int32Array, terms: number): Postings {
    const result = new Postings();
    result.makeRoomFor(terms - 1);
    for (let term = 0; term < terms; term++) {
      this.each(term, (document, times) => {
        const number = numbers[document] as number;
        if (number >= 0) result.append(term, result.lasts[term] as number, ((number << 8) | times) >>> 0);
      });
    }
    return result;
  }

  private append(term: number, last: number, posting: number): void {
    if ((this.rooms[term] as number) > 0) {
      this.rooms[term] = (this.rooms[term] as number) - 1;
      this.lasts[term] = last + 1;
      this.arena[last + 1] = posting;
      return;
    }
    const before = this.sizes[term] as number;
    const size = before === 0 ? 1 : Math.min(before * 2, LARGEST_BLOCK);
    const block = this.takeBlock(size);
    // The last posting of a full block is its last number.
    if (before === 0) this.firsts[term] = block;
    else this.arena[last - before] = block;
    this.arena[block + 1] = posting;
    this.lasts[term] = block + 1;
    this.rooms[term] = size - 1;
    this.sizes[term] = size;
  }

  private takeBlock(size: number): number {
    const block = this.used;
    this.used += size + 1;
    if (this.used > this.arena.length) {
      const more = new Uint32Array(Math.max(this.used, Math.ceil(this.arena.length * 1.5)));
      more.set(this.arena);
      this.arena = more;
    }
    return block;
  }

  private makeRoomFor(term: number): void {
    if (term < this.firsts.length) return;
    const size = Math.max(term + 1, this.firsts.length * 2);
    for (const name of ['firsts', 'lasts'] as const) {
      const more = new Uint32Array(size);
      more.set(this[name]);
      this[name] = more;
    }
    for (const name of ['rooms', 'sizes'] as const) {
      const more = new Uint16Array(size);
      more.set(this[name]);
      this[name] = more;
    }
  }
}
