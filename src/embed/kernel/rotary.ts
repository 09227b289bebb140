/**
 * The table of assembly's `rotate` for positions from 0 on: `width / 2` cosines and then as many sines a position, of
 * the angles position · base^(-2i / width) (Su et al., RoFormer, 2021). Made of sums and products alone, which are the
 * same in every browser where Math.cos and Math.pow need not be; absolute error under 1e-7.
 */
export function rotaryTable(positions: number, width: number, base: number): Float32Array {
  const half = width / 2;
  const table = new Float32Array(positions * width);
  const ratio = root(1 / base, half);
  let frequency = 1;
  for (let i = 0; i < half; i++, frequency *= ratio) {
    const [stepCosine, stepSine] = turn(frequency);
    let [cosine, sine] = [1, 0];
    for (let at = i; at < table.length; at += width) {
      table[at] = cosine;
      table[at + half] = sine;
      [cosine, sine] = [cosine * stepCosine - sine * stepSine, cosine * stepSine + sine * stepCosine];
    }
  }
  return table;
}

/** The `degree`-th root of a number from 0 to 1, by halving where it may be. */
function root(value: number, degree: number): number {
  let [low, high] = [0, 1];
  for (let step = 0; step < 64; step++) {
    const middle = (low + high) / 2;
    let power = 1;
    for (let i = 0; i < degree; i++) power *= middle;
    if (power < value) low = middle;
    else high = middle;
  }
  return high;
}

/** Cosine and sine of an angle from 0 to 1, by their series. */
function turn(angle: number): [number, number] {
  let [cosine, sine, term] = [0, 0, 1];
  for (let n = 0; n < 24; n += 4) {
    cosine += term;
    term *= angle / (n + 1);
    sine += term;
    term *= angle / (n + 2);
    cosine -= term;
    term *= angle / (n + 3);
    sine -= term;
    term *= angle / (n + 4);
  }
  return [cosine, sine];
}
