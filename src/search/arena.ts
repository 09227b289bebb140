/** Bytes of a page, and the bits of an address that are within one. */
const PAGE_BITS = 20;
const PAGE = 1 << PAGE_BITS;
const FIRST_PAGE = 1 << 12;

/**
 * Bytes that only grow, in pages: more of them moves none of those there are, so that a large index never stands in
 * memory twice. An address is 32 bits, so it holds 4 GB. All bytes are 0 at first.
 */
export class Arena {
  readonly pages: Uint8Array<ArrayBuffer>[];
  private used: number;
  private held: number;

  /** `pages`: as `arrays` gave them; the last may be shorter than the others. */
  constructor(pages: readonly Uint8Array<ArrayBuffer>[] = []) {
    this.pages = [...pages];
    this.held = pages.reduce((sum, { byteLength }) => sum + byteLength, 0);
    // Address 0 is nobody's.
    this.used = Math.max(1, PAGE * (pages.length - 1) + (pages.at(-1)?.length ?? 0));
  }

  get bytes(): number {
    return this.held;
  }

  /** Where so many bytes are from now on, all in one page. */
  take(size: number): number {
    const at = (this.used & (PAGE - 1)) + size > PAGE ? (pageOf(this.used) + 1) * PAGE : this.used;
    const page = pageOf(at);
    const end = offsetOf(at) + size;
    const there = this.pages[page];
    if (there === undefined || there.length < end) {
      // The first page alone may stay small: the next one is wanted when it is full.
      const least = page === 0 ? Math.max(FIRST_PAGE, 2 * (there?.length ?? 0)) : PAGE;
      const more = new Uint8Array(Math.min(PAGE, Math.max(end, least)));
      if (there) more.set(there);
      this.held += more.length - (there?.length ?? 0);
      this.pages[page] = more;
    }
    this.used = at + size;
    return at;
  }

  /** The pages as they are to be saved, by names that `pagesOf` knows. */
  arrays(): Record<string, Uint8Array<ArrayBuffer>> {
    const last = this.pages.length - 1;
    return Object.fromEntries(
      this.pages.map((page, i) => [
        `${NAME}${i}`,
        i < last ? page : page.subarray(0, this.used - PAGE * last),
      ]),
    );
  }
}

const NAME = 'page';

/** Room for saved pages of such lengths, by their names. */
export function roomForPages(
  lengths: Readonly<Record<string, number>>,
): Record<string, Uint8Array<ArrayBuffer>> {
  const pages: Record<string, Uint8Array<ArrayBuffer>> = {};
  for (let i = 0; ; i++) {
    const length = lengths[`${NAME}${i}`];
    if (length === undefined) return pages;
    pages[`${NAME}${i}`] = new Uint8Array(length);
  }
}

/** The page that an address is in, and where in it. */
export function pageOf(address: number): number {
  return address >>> PAGE_BITS;
}

export function offsetOf(address: number): number {
  return address & (PAGE - 1);
}
