import { firstAbove } from '../domain/sorted.ts';
import { isBlank } from './blanks.ts';

/**
 * One way of cutting a text, from sections down to characters: where its pieces end. Blanks around an end do not
 * matter, for chunks are trimmed. Where pieces end does not depend on who asks.
 */
export interface Level {
  /** Whether ends are dear to find, so that few should be asked for. */
  costly?: boolean;
  /** The first end in (at, to], where there is one. */
  next(at: number, to: number): number | undefined;
  /** The last end in (from, at], where there is one. */
  last(from: number, at: number): number | undefined;
}

/** Ends that are known beforehand, ascending. */
export function listLevel(ends: ArrayLike<number>): Level {
  return {
    next(at, to) {
      const end = ends[firstAbove(ends, at)];
      return end !== undefined && end <= to ? end : undefined;
    },
    last(from, at) {
      const end = ends[firstAbove(ends, at) - 1];
      return end !== undefined && end > from ? end : undefined;
    },
  };
}

/** Words as blanks part them. */
export function wordLevel(text: string): Level {
  const ends = (at: number) => !isBlank(text.charCodeAt(at - 1)) && isBlank(text.charCodeAt(at));
  /** What was looked through last without finding an end: asked again and again where there are no blanks. */
  let empty = { from: 0, to: 0 };
  return {
    next(at, to) {
      if (at >= empty.from && to <= empty.to) return undefined;
      for (let end = at + 1; end <= to && end < text.length; end++) if (ends(end)) return end;
      empty = { from: at, to };
      return undefined;
    },
    last(from, at) {
      if (from >= empty.from && at <= empty.to) return undefined;
      for (let end = Math.min(at, text.length - 1); end > from; end--) if (ends(end)) return end;
      empty = { from, to: at };
      return undefined;
    },
  };
}

/** The last resort: never inside a surrogate pair. */
export function codePointLevel(text: string): Level {
  const inPair = (at: number) =>
    (text.charCodeAt(at) & 0xfc00) === 0xdc00 && (text.charCodeAt(at - 1) & 0xfc00) === 0xd800;
  return {
    next(at, to) {
      const end = inPair(at + 1) ? at + 2 : at + 1;
      return end <= to ? end : undefined;
    },
    last(from, at) {
      const end = inPair(at) ? at - 1 : at;
      return end > from ? end : undefined;
    },
  };
}
