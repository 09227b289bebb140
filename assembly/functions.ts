/** The largest of four lanes. */
export function largest(v: v128): f32 {
  return max(
    max(f32x4.extract_lane(v, 0), f32x4.extract_lane(v, 1)),
    max(f32x4.extract_lane(v, 2), f32x4.extract_lane(v, 3)),
  );
}

/** The sum of four lanes, pairwise. */
export function total(v: v128): f32 {
  return (
    f32x4.extract_lane(v, 0) +
    f32x4.extract_lane(v, 1) +
    (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3))
  );
}

/** Added to a float, 1.5 · 2²³ leaves it rounded to a whole number (ties to even) in the low bits. */
export const ROUNDER: f32 = 12582912;

/**
 * e^x in four lanes, for x ≤ 88: relative error under 3e-7; where the result would be under 2^-126, that.
 * x = n ln 2 + r with |r| ≤ ln 2 / 2, then the Taylor series of e^r to the 6th power, times 2^n put into the exponent.
 */
export function exp4(x: v128): v128 {
  // pmax is one instruction where max, for the sake of NaN and -0, is seven.
  x = f32x4.pmax(x, f32x4.splat(-87.33654));
  const shifted = f32x4.add(f32x4.mul(x, f32x4.splat(<f32>Math.LOG2E)), f32x4.splat(ROUNDER));
  const n = f32x4.sub(shifted, f32x4.splat(ROUNDER));
  // ln 2 in two parts, the first with zeros at its end: n times it is exact.
  let r = f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375)));
  r = f32x4.sub(r, f32x4.mul(n, f32x4.splat(-2.1219444e-4)));
  let e = f32x4.add(f32x4.mul(r, f32x4.splat(1 / 720)), f32x4.splat(1 / 120));
  e = f32x4.add(f32x4.mul(e, r), f32x4.splat(1 / 24));
  e = f32x4.add(f32x4.mul(e, r), f32x4.splat(1 / 6));
  e = f32x4.add(f32x4.mul(e, r), f32x4.splat(0.5));
  e = f32x4.add(f32x4.mul(e, r), f32x4.splat(1));
  e = f32x4.add(f32x4.mul(e, r), f32x4.splat(1));
  return i32x4.add(e, i32x4.shl(shifted, 23));
}

/**
 * GELU in four lanes: x Φ(x) with the exact Φ, not the tanh formula; absolute error under 1e-6.
 * 1 - Φ(|x|) = erfc(|x| / √2) / 2 by Abramowitz and Stegun 7.1.26 (error 1.5e-7), reflected for x < 0.
 */
export function gelu4(x: v128): v128 {
  const z = f32x4.mul(f32x4.abs(x), f32x4.splat(<f32>Math.SQRT1_2));
  const t = f32x4.div(f32x4.splat(1), f32x4.add(f32x4.mul(z, f32x4.splat(0.3275911)), f32x4.splat(1)));
  let p = f32x4.add(f32x4.mul(t, f32x4.splat(1.061405429)), f32x4.splat(-1.453152027));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(1.421413741));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(-0.284496736));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(0.254829592));
  p = f32x4.mul(f32x4.mul(p, t), exp4(f32x4.neg(f32x4.mul(z, z))));
  // Both halves of the curve: max(x, 0) less |x| times the tail.
  const tail = f32x4.mul(f32x4.mul(p, f32x4.splat(0.5)), f32x4.abs(x));
  return f32x4.sub(f32x4.pmax(x, f32x4.splat(0)), tail);
}
