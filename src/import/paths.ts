const MAX_SEGMENT = 255;
const MAX_PATH = 1024;

/**
 * A name from a table as a path within a collection: '/' between folders, no root, drive or scheme, no climbing, no
 * control characters, nothing too long.
 */
export function safePath(name: string): string {
  const segments = name
    .replaceAll('\\', '/')
    .replace(/[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, '')
    .split('/')
    .map(segment => segment.trim())
    .filter(segment => !/^\.{0,2}$/.test(segment) && !/^[a-z][a-z\d+.-]*:$/i.test(segment))
    .map(shortened);
  // Of a path that is too long the folders nearest to the file are kept.
  while (segments.length > 1 && segments.join('/').length > MAX_PATH) segments.shift();
  return segments.join('/') || 'unnamed';
}

/** A name that is too long loses its middle: beginning and ending tell what it is. */
function shortened(segment: string): string {
  if (segment.length <= MAX_SEGMENT) return segment;
  const short = `${segment.slice(0, MAX_SEGMENT - 25)}…${segment.slice(-24)}`;
  return short.replace(/\p{Cs}/gu, '');
}

/** Gives every name of a table a path of its own: 'a.txt', and for another name that comes to the same 'a (2).txt'. */
export class Paths {
  readonly #given = new Map<string, string>();
  readonly #taken = new Set<string>();

  of(name: string): string {
    const path = this.#given.get(name) ?? this.fresh(safePath(name));
    this.#given.set(name, path);
    return path;
  }

  /** The path where nothing has it, else the first that is free with a number. */
  fresh(path: string): string {
    let free = path;
    for (let i = 2; this.#taken.has(free); i++) free = numbered(path, i);
    this.#taken.add(free);
    return free;
  }
}

/** 'a/b.txt' as 'a/b (2).txt'. */
function numbered(path: string, number: number): string {
  const dot = path.lastIndexOf('.') > path.lastIndexOf('/') + 1 ? path.lastIndexOf('.') : path.length;
  return `${path.slice(0, dot)} (${number})${path.slice(dot)}`;
}
