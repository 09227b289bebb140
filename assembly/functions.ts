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
 * 2^x in four lanes, for x < 128: relative error under 3e-7; where the result would be under 2^-126, that.
 * x = n + f with |f| ≤ 1/2: a polynomial for 2^f (least largest relative error, 1 at f = 0), and 2^n into the exponent.
 */
export function power4(x: v128): v128 {
  // pmax is one instruction where max, for the sake of NaN and -0, is seven.
  x = f32x4.pmax(x, f32x4.splat(-126));
  const shifted = f32x4.add(x, f32x4.splat(ROUNDER));
  const f = f32x4.sub(x, f32x4.sub(shifted, f32x4.splat(ROUNDER)));
  let p = f32x4.add(f32x4.mul(f, f32x4.splat(0.00132647)), f32x4.splat(0.00967151));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(0.05550734));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(0.24022242));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(0.69314698));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(1));
  return i32x4.add(p, i32x4.shl(shifted, 23));
}

/** Where Φ is taken to be 0 and 1: GELU is then wrong by 5e-6 at the most. */
const FAR: f32 = 4.75;

/**
 * GELU in four lanes: x Φ(x) with the exact Φ, not the tanh formula; absolute error under 1e-5.
 * Φ(x) = 1/2 + x P(2x² / FAR² - 1) for |x| ≤ FAR, with the P of degree 10 whose largest error in x Φ(x) is the least
 * among those with Φ(±FAR) = 0 and 1 exactly, so that nothing is left over that grows with x.
 */
export function gelu4(x: v128): v128 {
  const near = f32x4.pmax(f32x4.pmin(x, f32x4.splat(FAR)), f32x4.splat(-FAR));
  const v = f32x4.sub(f32x4.mul(f32x4.mul(near, near), f32x4.splat(2 / (FAR * FAR))), f32x4.splat(1));
  // Even and odd powers apart: two short chains of results to wait for instead of a long one.
  const v2 = f32x4.mul(v, v);
  let even = f32x4.add(f32x4.mul(v2, f32x4.splat(0.00123491604)), f32x4.splat(0.00509296963));
  let odd = f32x4.add(f32x4.mul(v2, f32x4.splat(-0.00371810445)), f32x4.splat(-0.00726300525));
  even = f32x4.add(f32x4.mul(even, v2), f32x4.splat(0.0133647611));
  odd = f32x4.add(f32x4.mul(odd, v2), f32x4.splat(-0.0215952378));
  even = f32x4.add(f32x4.mul(even, v2), f32x4.splat(0.0304098241));
  odd = f32x4.add(f32x4.mul(odd, v2), f32x4.splat(-0.0405794196));
  even = f32x4.add(f32x4.mul(even, v2), f32x4.splat(0.0532351211));
  odd = f32x4.add(f32x4.mul(odd, v2), f32x4.splat(-0.0736669526));
  even = f32x4.add(f32x4.mul(even, v2), f32x4.splat(0.148748294));
  const p = f32x4.add(f32x4.mul(odd, v), even);
  return f32x4.mul(x, f32x4.add(f32x4.mul(near, p), f32x4.splat(0.5)));
}

/** SiLU in four lanes, x / (1 + e^-x): relative error under 1e-5 down to -87, absolute under 1e-35 below. */
export function silu4(x: v128): v128 {
  const power = f32x4.pmin(f32x4.mul(x, f32x4.splat(-(<f32>Math.LOG2E))), f32x4.splat(126));
  return f32x4.div(x, f32x4.add(f32x4.splat(1), power4(power)));
}
