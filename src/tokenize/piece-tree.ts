const FREE = 0;
export const ROOT = 1;

/** Pieces as a tree over UTF-16 units, in one hash table of edges: nothing is allocated while one is walked. */
export class PieceTree {
  /** Id of the piece that ends at a node, or -1. */
  private accepts = new Int32Array(1 << 12).fill(-1);
  /** Three numbers an edge: node (FREE where there is none), unit, child. */
  private edges = new Int32Array(3 << 13);
  private slots = 1 << 13;
  private nodes = ROOT;

  /** The first of equal pieces stays. */
  add(piece: string, id: number): void {
    let node = ROOT;
    for (let i = 0; i < piece.length; i++) {
      const unit = piece.charCodeAt(i);
      node = this.step(node, unit) || this.insert(node, unit);
    }
    if (this.accepts[node] === -1) this.accepts[node] = id;
  }

  /** The node behind an edge, 0 where there is none. */
  step(node: number, unit: number): number {
    const { edges } = this;
    const mask = this.slots - 1;
    for (let slot = hash(node, unit) & mask; ; slot = (slot + 1) & mask) {
      const owner = edges[slot * 3] as number;
      if (owner === FREE) return 0;
      if (owner === node && edges[slot * 3 + 1] === unit) return edges[slot * 3 + 2] as number;
    }
  }

  /** Id of the piece that ends at a node, or -1. */
  accepted(node: number): number {
    return this.accepts[node] as number;
  }

  private insert(node: number, unit: number): number {
    const child = ++this.nodes;
    if (child * 2 > this.slots) this.grow();
    if (child >= this.accepts.length) {
      const accepts = new Int32Array(this.accepts.length * 2).fill(-1);
      accepts.set(this.accepts);
      this.accepts = accepts;
    }
    this.put(node, unit, child);
    return child;
  }

  private put(node: number, unit: number, child: number): void {
    const { edges } = this;
    const mask = this.slots - 1;
    let slot = hash(node, unit) & mask;
    while (edges[slot * 3] !== FREE) slot = (slot + 1) & mask;
    edges[slot * 3] = node;
    edges[slot * 3 + 1] = unit;
    edges[slot * 3 + 2] = child;
  }

  private grow(): void {
    const { edges } = this;
    this.slots *= 2;
    this.edges = new Int32Array(this.slots * 3);
    for (let at = 0; at < edges.length; at += 3) {
      if (edges[at] !== FREE) this.put(edges[at] as number, edges[at + 1] as number, edges[at + 2] as number);
    }
  }
}

function hash(node: number, unit: number): number {
  const mixed = Math.imul(Math.imul(node, 0x9e3779b1) ^ unit, 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}
