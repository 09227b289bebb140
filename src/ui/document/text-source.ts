/** UTF-16 units asked for at once. */
const PIECE = 16_384;
/** Pieces kept: about two million units. */
const MOST_PIECES = 128;

/** Spans of one document's text, fetched when they are looked at and kept for a while. */
export interface TextSource {
  /** The span, if all of it is here. */
  peek(start: number, end: number): string | undefined;
  read(start: number, end: number): Promise<string>;
}

export function createTextSource(
  fetchSpan: (start: number, end: number) => Promise<string>,
  length: number,
): TextSource {
  // In the order of use, the oldest first.
  const pieces = new Map<number, Promise<string> | string>();

  function keep(index: number, value: Promise<string> | string) {
    pieces.delete(index);
    pieces.set(index, value);
    if (pieces.size > MOST_PIECES) {
      const oldest = pieces.keys().next().value;
      if (oldest !== undefined) pieces.delete(oldest);
    }
  }

  function piece(index: number): Promise<string> | string {
    const known = pieces.get(index);
    if (known !== undefined) {
      keep(index, known);
      return known;
    }
    const start = index * PIECE;
    const asked = fetchSpan(start, Math.min(length, start + PIECE)).then(
      text => {
        if (pieces.has(index)) keep(index, text);
        return text;
      },
      error => {
        pieces.delete(index);
        throw error;
      },
    );
    keep(index, asked);
    return asked;
  }

  const join = (parts: string[], start: number, end: number) => {
    const base = Math.floor(start / PIECE) * PIECE;
    return parts.join('').slice(start - base, end - base);
  };
  const indices = (start: number, end: number) => {
    const first = Math.floor(start / PIECE);
    return Array.from({ length: Math.max(0, Math.ceil(end / PIECE) - first) }, (_, i) => first + i);
  };

  return {
    peek(start, end) {
      const parts: string[] = [];
      for (const index of indices(start, end)) {
        const known = pieces.get(index);
        if (typeof known !== 'string') return undefined;
        parts.push(known);
      }
      return join(parts, start, end);
    },
    async read(start, end) {
      return join(await Promise.all(indices(start, end).map(piece)), start, end);
    },
  };
}
