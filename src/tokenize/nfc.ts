/** A character and all that could compose with it: marks, and the vowels and finals of Hangul. */
const CLUSTERS = /[^\p{M}\u1160-\u11ff][\p{M}\u1160-\u11ff]*|[\p{M}\u1160-\u11ff]+/gu;

/** A text in another form, and for each of its UTF-16 units the offsets of what it was made of. */
export interface Composed {
  text: string;
  starts: Int32Array;
  ends: Int32Array;
}

/** The canonical composition (NFC) of a text; undefined where it is composed already. */
export function composed(text: string): Composed | undefined {
  const whole = text.normalize('NFC');
  if (whole === text) return undefined;
  const starts = new Int32Array(whole.length);
  const ends = new Int32Array(whole.length);
  let size = 0;
  for (const { 0: cluster, index } of text.matchAll(CLUSTERS)) {
    const form = cluster.normalize('NFC');
    for (let i = 0; i < form.length; i++) {
      starts[size] = form === cluster ? index + i : index;
      ends[size++] = form === cluster ? index + i + 1 : index + cluster.length;
    }
  }
  return { text: whole, starts, ends };
}
