import type { CharsMap } from './chars-map.ts';

const BLANK = 0x2581;

/**
 * A text as SentencePiece normalises it: characters replaced by the model's table, blanks as ▁, runs of them as one
 * and none at the ends where the model wants so, one put before the text. Each UTF-16 unit knows where it comes from.
 */
export class Normalized {
  text = '';
  starts = new Int32Array(256);
  ends = new Int32Array(256);
  private units = new Uint16Array(256);
  private size = 0;
  private readonly charsMap: CharsMap | undefined;
  private readonly addSpacePrefix: boolean;
  private readonly mergeSpaces: boolean;
  private readonly decoder = new TextDecoder('utf-16le', { ignoreBOM: true });

  constructor(charsMap: CharsMap | undefined, addSpacePrefix: boolean, mergeSpaces: boolean) {
    this.charsMap = charsMap;
    this.addSpacePrefix = addSpacePrefix;
    this.mergeSpaces = mergeSpaces;
  }

  /** Reads a well-formed text; not `fresh` where it goes on from a word that was read before. */
  read(text: string, fresh: boolean): void {
    const { charsMap } = this;
    this.size = 0;
    let prefix = fresh && this.addSpacePrefix;
    let inWord = !fresh;
    /** Where the blanks before the next word begin, -1 where there are none. */
    let blank = -1;
    const take = (unit: number, start: number, end: number): void => {
      if (unit === 0x20) {
        inWord = false;
        if (this.mergeSpaces) blank = blank < 0 ? start : blank;
        else this.push(BLANK, start, end);
        return;
      }
      if (!inWord) {
        inWord = true;
        const isFirst = this.size === 0 && fresh;
        if (prefix || (this.mergeSpaces && !isFirst)) this.push(BLANK, blank < 0 ? start : blank, start);
        prefix = false;
        blank = -1;
      }
      this.push(unit, start, end);
    };
    for (let at = 0; at < text.length; ) {
      charsMap?.match(text, at);
      if (charsMap && charsMap.length > 0) {
        const end = at + charsMap.length;
        const { replacement } = charsMap;
        for (let i = 0; i < replacement.length; i++) take(replacement.charCodeAt(i), at, end);
        at = end;
      } else {
        const unit = text.charCodeAt(at);
        const isPair = (unit & 0xfc00) === 0xd800;
        const end = at + (isPair ? 2 : 1);
        take(unit, at, end);
        if (isPair) take(text.charCodeAt(at + 1), at, end);
        at = end;
      }
    }
    this.text = this.decoder.decode(this.units.subarray(0, this.size));
  }

  private push(unit: number, start: number, end: number): void {
    const at = this.size++;
    if (at === this.units.length) this.grow();
    this.units[at] = unit;
    this.starts[at] = start;
    this.ends[at] = end;
  }

  private grow(): void {
    const { units, starts, ends } = this;
    this.units = new Uint16Array(units.length * 2);
    this.units.set(units);
    this.starts = new Int32Array(units.length * 2);
    this.starts.set(starts);
    this.ends = new Int32Array(units.length * 2);
    this.ends.set(ends);
  }
}
