import type { Joints } from './joints.ts';

const UNKNOWN = 2;
const CONTROL = 3;
const USER_DEFINED = 4;

interface Node {
  id: number;
  children: Map<number, Node>;
}

/**
 * Tokens that are read as such wherever a text holds them literally, before anything else: control, unknown and
 * user-defined ones, as llama.cpp does where it parses special tokens. At each place the longest is taken.
 */
export class Literals {
  /** Of what `next` found: offsets of the blanks that go with it and of its end, and its id. */
  start = 0;
  end = 0;
  id = -1;
  private readonly root: Node = { id: -1, children: new Map() };
  private readonly firstUnits = new Uint8Array(0x10000);
  private readonly lastUnits = new Set<number>();
  private readonly strippedIds: ReadonlySet<number>;
  /** End of the blanks that were last looked behind. */
  private blanksEnd = 0;

  /** `stripped`: texts of tokens that swallow the blanks before them. The neighbours within each go to `joints`. */
  constructor(
    tokens: readonly string[],
    types: Uint8Array,
    joints: Joints,
    stripped: ReadonlySet<string> = new Set(),
  ) {
    const strippedIds = new Set<number>();
    for (let id = 0; id < tokens.length; id++) {
      const type = types[id];
      if (type !== CONTROL && type !== USER_DEFINED && type !== UNKNOWN) continue;
      const token = tokens[id] ?? '';
      if (token === '') continue;
      if (stripped.has(token)) strippedIds.add(id);
      joints.add(token);
      this.firstUnits[token.charCodeAt(0)] = 1;
      this.lastUnits.add(token.charCodeAt(token.length - 1));
      let node = this.root;
      for (let i = 0; i < token.length; i++) node = step(node, token.charCodeAt(i));
      if (node.id < 0) node.id = id;
    }
    this.strippedIds = strippedIds;
  }

  /** Whether some literal ends with this UTF-16 unit. */
  endsWith(unit: number): boolean {
    return this.lastUnits.has(unit);
  }

  /**
   * Finds the first literal from `from` on; false where there is none. To be asked from 0 on, then from where the last
   * one ended.
   */
  next(text: string, from: number): boolean {
    if (from === 0) this.blanksEnd = 0;
    for (let at = from; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      if (this.strippedIds.size > 0 && at >= this.blanksEnd && isAsciiBlank(unit)) {
        this.start = at;
        // Blanks that a literal swallows are no literals themselves.
        if (this.matchBehindBlanks(text, at)) return true;
      }
      if (this.firstUnits[unit] === 0 || !this.match(text, at)) continue;
      this.start = at;
      return true;
    }
    return false;
  }

  /** Looks for the longest literal at a place. */
  private match(text: string, at: number): boolean {
    this.id = -1;
    let node: Node | undefined = this.root;
    for (let i = at; i < text.length; i++) {
      node = node.children.get(text.charCodeAt(i));
      if (node === undefined) break;
      if (node.id < 0) continue;
      this.id = node.id;
      this.end = i + 1;
    }
    return this.id >= 0;
  }

  private matchBehindBlanks(text: string, at: number): boolean {
    let end = at;
    while (isAsciiBlank(text.charCodeAt(end))) end++;
    this.blanksEnd = end;
    return this.match(text, end) && this.strippedIds.has(this.id);
  }
}

function step(node: Node, unit: number): Node {
  let child = node.children.get(unit);
  if (child === undefined) {
    child = { id: -1, children: new Map() };
    node.children.set(unit, child);
  }
  return child;
}

function isAsciiBlank(unit: number): boolean {
  return unit === 0x20 || (unit >= 0x09 && unit <= 0x0d);
}
