import { type BertCharacters, DROP, FOLDED, SPACE, WORD } from './bert-characters.ts';

/** Words of more characters than this are unknown, as in every published BERT tokenizer. */
export const LONGEST_WORD = 100;

/** A control token that is read as such where a text holds it literally. */
export interface Literal {
  text: string;
  id: number;
}

/**
 * Reads the pre-tokens of a text one by one: words, single punctuation marks and Chinese characters, literal
 * control tokens. What `next()` found stands in the fields until the next call.
 */
export class PreTokens {
  /** UTF-16 offsets of the pre-token in the text, end exclusive. */
  start = 0;
  end = 0;
  /** The id of a literal control token, or -1 for a word. */
  literal = -1;
  /** Over LONGEST_WORD characters: `units` is not whole then. */
  tooLong = false;
  /** UTF-16 units of the normalised word. */
  length = 0;
  readonly units = new Uint16Array(LONGEST_WORD * 2);
  /** Where each unit comes from in the text. */
  readonly starts = new Int32Array(LONGEST_WORD * 2);
  readonly ends = new Int32Array(LONGEST_WORD * 2);

  private text = '';
  private at = 0;
  private limit = 0;
  private characters = 0;
  private stopAtTooLong = false;
  private readonly table: BertCharacters;
  private readonly literals: readonly Literal[];
  private readonly literalStarts: ReadonlySet<number>;

  constructor(table: BertCharacters, literals: readonly Literal[]) {
    this.table = table;
    this.literals = [...literals].sort((a, b) => b.text.length - a.text.length);
    this.literalStarts = new Set(literals.map(literal => literal.text.charCodeAt(0)));
  }

  /**
   * Begins at text[from]; reads as if the text ended before text[to]. With `stopAtTooLong` a word that is too long
   * is taken to be the last: its end need not be looked for.
   */
  read(text: string, from: number, to: number, stopAtTooLong = false): void {
    this.text = text;
    this.at = from;
    this.limit = to;
    this.stopAtTooLong = stopAtTooLong;
  }

  /** Moves on to the next pre-token; false at the end. */
  next(): boolean {
    const { text, limit, units, starts, ends } = this;
    const { classes } = this.table;
    let at = this.at;
    this.length = 0;
    this.characters = 0;
    this.literal = -1;
    this.tooLong = false;
    let found = false;
    while (at < limit) {
      let code = text.charCodeAt(at);
      let width = 1;
      if ((code & 0xfc00) === 0xd800 && at + 1 < limit) {
        const low = text.charCodeAt(at + 1);
        if ((low & 0xfc00) === 0xdc00) {
          code = ((code & 0x3ff) << 10) + (low & 0x3ff) + 0x10000;
          width = 2;
        }
      }
      const kind = (classes[code] as number) || this.table.classify(code);
      if (kind === WORD && width === 1) {
        if (!found) this.start = at;
        found = true;
        if (this.characters < LONGEST_WORD) {
          this.characters++;
          const unit = this.length++;
          units[unit] = code;
          starts[unit] = at;
          ends[unit] = at + 1;
        } else this.tooLong = true;
        this.end = at + 1;
      } else if (kind === WORD || kind === FOLDED) {
        if (!found) this.start = at;
        found = true;
        this.append(code, at, at + width);
        this.end = at + width;
      } else if (kind === SPACE) {
        if (found) break;
      } else if (kind !== DROP) {
        if (!found) {
          this.readAlone(code, at, width);
          at = this.end;
          found = true;
        }
        break;
      }
      at += width;
      if (this.tooLong && this.stopAtTooLong) at = limit;
    }
    this.at = at;
    return found;
  }

  private readAlone(code: number, at: number, width: number): void {
    this.start = at;
    if (this.literalStarts.has(code)) {
      for (const { text, id } of this.literals) {
        if (at + text.length <= this.limit && this.text.startsWith(text, at)) {
          this.literal = id;
          this.end = at + text.length;
          return;
        }
      }
    }
    this.append(code, at, at + width);
    this.end = at + width;
  }

  private append(code: number, start: number, end: number): void {
    for (const character of this.table.folded(code)) {
      if (this.characters === LONGEST_WORD) {
        this.tooLong = true;
        return;
      }
      this.characters++;
      for (let i = 0; i < character.length; i++) {
        const unit = this.length++;
        this.units[unit] = character.charCodeAt(i);
        this.starts[unit] = start;
        this.ends[unit] = end;
      }
    }
  }
}
