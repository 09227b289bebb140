/** The two roots: pieces that begin a word, and those that go on. */
const INITIAL = 1;
const CONTINUED = 2;

/**
 * A vocabulary as a tree over UTF-16 units, in one hash table of edges: the longest piece at a place is found in
 * one walk, with nothing allocated.
 */
export class WordPieces {
  /** Ids of the last word's pieces, `count` of them. */
  readonly ids: Int32Array;
  /** Where each piece ends in the word's units, exclusive. */
  readonly ends: Int32Array;

  /** Four numbers an edge: node (0 where the slot is free), unit, child, unused. */
  private readonly edges: Int32Array;
  private readonly shift: number;
  private nodes = CONTINUED;
  /** Id of the token that ends at a node, or -1. */
  private readonly accepts: Int32Array;

  /** `tokens`: index = id, continuations with '##'. `longest`: units of the longest word that will be asked for. */
  constructor(tokens: readonly string[], longest: number) {
    this.ids = new Int32Array(longest);
    this.ends = new Int32Array(longest);
    // No more edges than units, and never a full table: a search for what is not there must end.
    const units = tokens.reduce((sum, token) => sum + token.length, 0);
    const bits = Math.max(4, Math.ceil(Math.log2(units * 1.25)));
    this.edges = new Int32Array(4 << bits);
    this.shift = 32 - bits;
    this.accepts = new Int32Array(units + CONTINUED + 1).fill(-1);
    tokens.forEach((token, id) => {
      if (token.startsWith('##') && token.length > 2) this.add(CONTINUED, token, 2, id);
      else if (token.length > 0) this.add(INITIAL, token, 0, id);
    });
  }

  /**
   * Splits a word of `length` units into the longest pieces, left to right (WordPiece).
   * Returns how many, or 0 where some part is in no vocabulary entry and the whole word is unknown.
   */
  split(units: Uint16Array, length: number): number {
    const { edges, shift, accepts, ids, ends } = this;
    const mask = edges.length - 1;
    let count = 0;
    let at = 0;
    let root = INITIAL;
    while (at < length) {
      let node = root;
      let id = -1;
      let end = at;
      for (let next = at; next < length; next++) {
        const unit = units[next] as number;
        let slot = hash(node, unit, shift);
        let child = 0;
        for (;;) {
          const owner = edges[slot] as number;
          if (owner === node && edges[slot + 1] === unit) {
            child = edges[slot + 2] as number;
            break;
          }
          if (owner === 0) break;
          slot = (slot + 4) & mask;
        }
        if (child === 0) break;
        node = child;
        const accepted = accepts[node] as number;
        if (accepted >= 0) {
          id = accepted;
          end = next + 1;
        }
      }
      if (id < 0) return 0;
      ids[count] = id;
      ends[count++] = end;
      at = end;
      root = CONTINUED;
    }
    return count;
  }

  private add(root: number, token: string, from: number, id: number): void {
    let node = root;
    for (let i = from; i < token.length; i++) node = this.step(node, token.charCodeAt(i));
    this.accepts[node] = id;
  }

  /** The node behind an edge, made where there is none yet. */
  private step(node: number, unit: number): number {
    const { edges } = this;
    let slot = hash(node, unit, this.shift);
    while (edges[slot] !== 0) {
      if (edges[slot] === node && edges[slot + 1] === unit) return edges[slot + 2] as number;
      slot = (slot + 4) & (edges.length - 1);
    }
    const child = ++this.nodes;
    edges[slot] = node;
    edges[slot + 1] = unit;
    edges[slot + 2] = child;
    return child;
  }
}

/** First number of the slot to look at; the multipliers spread neighbouring nodes and units. */
function hash(node: number, unit: number, shift: number): number {
  return ((Math.imul(node, 0x9e3779b1) ^ Math.imul(unit, 0x85ebca6b)) >>> shift) * 4;
}
