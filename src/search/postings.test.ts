import { describe, expect, it } from 'vitest';
import { roomForPages } from './arena.ts';
import { MOST_DOCUMENTS, Postings } from './postings.ts';
import { random } from './testing.ts';

const DOCUMENTS = 60_000;

/** What was added, as plainly as can be. */
class Reference {
  readonly documents: number[] = [];
  readonly times: number[] = [];

  /** As one text: lists of ten thousands are slow to compare number by number. */
  toString(): string {
    return `${this.documents}/${this.times}`;
  }

  add(document: number): void {
    const last = this.documents.length - 1;
    if (this.documents[last] === document) this.times[last] = Math.min(255, (this.times[last] ?? 0) + 1);
    else {
      this.documents.push(document);
      this.times.push(1);
    }
  }
}

function read(postings: Postings, term: number): Reference {
  const found = { documents: new Uint32Array(DOCUMENTS), times: new Uint8Array(DOCUMENTS) };
  const count = postings.read(term, found);
  const result = new Reference();
  result.documents.push(...found.documents.subarray(0, count));
  result.times.push(...found.times.subarray(0, count));
  return result;
}

/** Words from one in nearly every document to one in hardly any. */
function filled(terms: number) {
  const next = random(5);
  const postings = new Postings();
  const references = Array.from({ length: terms }, () => new Reference());
  for (const [term, reference] of references.entries()) {
    const widest = 1 + term / 4;
    for (let document = 0; document < DOCUMENTS; document += 1 + Math.floor(widest * next())) {
      const times = next() < 0.7 ? 1 : next() < 0.99 ? 2 : 300;
      for (let i = 0; i < times; i++) {
        postings.add(term, document);
        reference.add(document);
      }
    }
  }
  return { postings, references };
}

describe('Postings', () => {
  it('gives what was added, over many pages, saved and loaded, and goes on from there', () => {
    const { postings, references } = filled(300);
    const { firsts, lasts, befores, ends, rooms, kinds, ...pages } = postings.arrays(300);
    expect(Object.keys(pages).length).toBeGreaterThan(1);
    const room = roomForPages(
      Object.fromEntries(Object.entries(pages).map(([name, { byteLength }]) => [name, byteLength])),
    );
    for (const [name, page] of Object.entries(room)) page.set(pages[name] as Uint8Array);
    const own = {
      firsts: firsts.slice(),
      lasts: lasts.slice(),
      befores: befores.slice(),
      ends: ends.slice(),
      rooms: rooms.slice(),
      kinds: kinds.slice(),
    };
    const loaded = new Postings(own, Object.values(room));
    for (const each of [postings, loaded]) each.add(299, DOCUMENTS - 1);
    references[299]?.add(DOCUMENTS - 1);
    for (const [term, reference] of references.entries()) {
      if (term % 40 !== 0 && term < 298) continue;
      expect(`${read(postings, term)}` === `${reference}`).toBe(true);
      expect(`${read(loaded, term)}` === `${reference}`).toBe(true);
    }
    expect(postings.read(5_000, { documents: new Uint32Array(1), times: new Uint8Array(1) })).toBe(0);
  });

  it('holds the least and the largest document that there may be', () => {
    const postings = new Postings();
    for (const document of [0, 1, MOST_DOCUMENTS - 1]) postings.add(0, document);
    postings.add(1, MOST_DOCUMENTS - 1);
    expect(read(postings, 0).documents).toEqual([0, 1, MOST_DOCUMENTS - 1]);
    expect(read(postings, 1).documents).toEqual([MOST_DOCUMENTS - 1]);
  });

  it('takes other numbers for the documents, and leaves some out', () => {
    const { postings, references } = filled(4);
    let kept = 0;
    const numbers = Int32Array.from({ length: DOCUMENTS }, (_, i) => (i % 3 === 0 ? -1 : kept++));
    const renumbered = postings.renumbered(numbers, 4);
    for (const [term, { documents }] of references.entries()) {
      const wanted = documents.map(document => numbers[document] as number).filter(number => number >= 0);
      expect(`${read(renumbered, term).documents}` === `${wanted}`).toBe(true);
    }
  });
});
