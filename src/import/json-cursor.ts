import { brokenOff, MAX_DEPTH, MAX_RECORD, tooLargeRow, unsupported } from './limits.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** What a byte does to the depth outside of strings: [ and { open, ] and } close. */
const STEP = new Int8Array(256);
for (const [bracket, step] of Object.entries({ '[': 1, '{': 1, ']': -1, '}': -1 })) {
  STEP[bracket.charCodeAt(0)] = step;
}

/** Finds where values end without understanding them: strings and brackets are all that counts. */
class Extent {
  #depth: number;
  #begun: boolean;
  #inString = false;
  #escaped = false;
  #scalar = false;

  /** `depth` is 1 where the value's opening bracket is taken already. */
  constructor(depth = 0) {
    this.#depth = depth;
    this.#begun = depth > 0;
  }

  /** Goes on in `bytes` at `from`; the offset behind the value, or -1 where it goes on beyond them. */
  end(bytes: Uint8Array, from: number): number {
    let at = from;
    if (!this.#begun && at < bytes.length) {
      this.#begun = true;
      this.#scalar = bytes[at] !== QUOTE && STEP[bytes[at] as number] !== 1;
    }
    if (this.#scalar) {
      while (at < bytes.length && !endsScalar(bytes[at] as number)) at += 1;
      return at < bytes.length ? at : -1;
    }
    while (at < bytes.length) {
      const byte = bytes[at++] as number;
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false;
        else if (byte === BACKSLASH) this.#escaped = true;
        else if (byte === QUOTE) {
          this.#inString = false;
          if (this.#depth === 0) return at;
        }
      } else if (byte === QUOTE) this.#inString = true;
      else if (STEP[byte] !== 0) {
        this.#depth += STEP[byte] as number;
        if (this.#depth === 0) return at;
        if (this.#depth > MAX_DEPTH) throw tooDeep();
      }
    }
    return -1;
  }

  /** Whether the end of the file may be the value's. */
  get mayEnd(): boolean {
    return this.#scalar;
  }
}

/** White space, a comma, a closing bracket. */
function endsScalar(byte: number): boolean {
  return byte <= 0x20 || byte === 0x2c || byte === 0x5d || byte === 0x7d;
}

function tooDeep() {
  return unsupported(
    `This file has lists within lists more than ${MAX_DEPTH} deep. Choose one with a text and a vector a record.`,
  );
}

/**
 * A place in JSON that comes in pieces, of which no more is held than the value at hand. What a value consists of is
 * left to JSON.parse; here is only found where it ends. Throws 'import/corrupt' where the file breaks off, and
 * 'import/unsupported' for a value above MAX_RECORD or deeper than MAX_DEPTH.
 */
export class JsonCursor {
  readonly #pieces: AsyncIterator<Uint8Array>;
  #bytes = new Uint8Array(0);
  #at = 0;
  /** Where the bytes at hand begin in what is read. */
  #base = 0;
  /** Records read so far, for what is said of the next. */
  records = 0;

  constructor(pieces: AsyncIterable<Uint8Array>) {
    this.#pieces = pieces[Symbol.asyncIterator]();
  }

  /** How far it is, in bytes. */
  get offset(): number {
    return this.#base + this.#at;
  }

  /** The next character that is no white space, which stays; '' at the end. */
  async peek(): Promise<string> {
    for (;;) {
      while (this.#at < this.#bytes.length && isSpace(this.#bytes[this.#at] as number)) this.#at += 1;
      if (this.#at < this.#bytes.length) return String.fromCharCode(this.#bytes[this.#at] as number);
      if (!(await this.#fill())) return '';
    }
  }

  /** Whether that character is next, which is then taken. */
  async takes(character: string): Promise<boolean> {
    if ((await this.peek()) !== character) return false;
    this.#at += 1;
    return true;
  }

  /** Takes a character that must be next. */
  async expect(character: string): Promise<void> {
    if (await this.takes(character)) return;
    throw brokenOff(this.records);
  }

  /** The bytes of the value that is next; they are only lent until the cursor moves on. */
  async value(): Promise<Uint8Array> {
    if ((await this.peek()) === '') throw brokenOff(this.records);
    const extent = new Extent();
    let scanned = this.#at;
    for (;;) {
      let end = extent.end(this.#bytes, scanned);
      scanned = this.#bytes.length - this.#at;
      if (end < 0 && scanned > MAX_RECORD) throw tooLargeRow(this.records + 1);
      if (end < 0 && !(await this.#fill())) {
        if (!extent.mayEnd) throw brokenOff(this.records);
        end = this.#bytes.length;
      }
      if (end < 0) continue;
      if (end - this.#at > MAX_RECORD) throw tooLargeRow(this.records + 1);
      const value = this.#bytes.subarray(this.#at, end);
      this.#at = end;
      return value;
    }
  }

  /** Goes past the value that is next, however large; with a depth of 1 past one whose opening bracket was taken. */
  async skip(depth: 0 | 1 = 0): Promise<void> {
    if ((await this.peek()) === '') throw brokenOff(this.records);
    const extent = new Extent(depth);
    for (;;) {
      const end = extent.end(this.#bytes, this.#at);
      this.#at = end < 0 ? this.#bytes.length : end;
      if (end >= 0) return;
      if (!(await this.#fill())) {
        if (extent.mayEnd) return;
        throw brokenOff(this.records);
      }
    }
  }

  /** Reads on; what lies before the cursor is let go of. */
  async #fill(): Promise<boolean> {
    const { done, value } = await this.#pieces.next();
    if (done) return false;
    const rest = this.#bytes.subarray(this.#at);
    const bytes = new Uint8Array(rest.length + value.length);
    bytes.set(rest);
    bytes.set(value, rest.length);
    this.#bytes = bytes;
    this.#base += this.#at;
    this.#at = 0;
    return true;
  }

  /** Ends the reading of pieces. */
  async close(): Promise<void> {
    await this.#pieces.return?.();
  }
}

/** JSON's white space, and the byte order mark that some programs write first. */
function isSpace(byte: number): boolean {
  return byte <= 0x20 || byte === 0xef || byte === 0xbb || byte === 0xbf;
}
