const BITS = 22;

/**
 * Which code points stand beside each other within some piece of a vocabulary. Where two neighbours in a text do not,
 * no piece can reach over the place between them, and what is left and right of it can be read apart.
 * A bitmap of hashes: it may say yes too often, never no.
 */
export class Joints {
  private readonly bits = new Uint32Array(1 << (BITS - 5));

  /** Notes all neighbours within a piece. */
  add(piece: string): void {
    let previous = -1;
    for (const character of piece) {
      const next = character.codePointAt(0) as number;
      if (previous >= 0) {
        const place = slot(previous, next);
        this.bits[place >>> 5] = (this.bits[place >>> 5] as number) | (1 << (place & 31));
      }
      previous = next;
    }
  }

  has(previous: number, next: number): boolean {
    const place = slot(previous, next);
    return (((this.bits[place >>> 5] as number) >>> (place & 31)) & 1) !== 0;
  }
}

function slot(previous: number, next: number): number {
  const mixed = Math.imul(Math.imul(previous, 0x9e3779b1) ^ next, 0x85ebca6b);
  return (mixed ^ (mixed >>> 15)) >>> (32 - BITS);
}
