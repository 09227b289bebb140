type Numbers = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float32Array;

/** By how much an array grows: little, for what is not used of it is held all the same. */
const GROWTH = 1.25;

/** The same numbers in an array for `length` of them at the least, and some more; the array itself where it is enough. */
export function withRoom<T extends Numbers>(array: T, length: number): T {
  if (length <= array.length) return array;
  return resized(array, Math.max(length, Math.ceil(array.length * GROWTH)));
}

/** The same numbers in a new array of `length`, which is not less than its own. */
export function resized<T extends Numbers>(array: T, length: number): T {
  const more = new (array.constructor as new (length: number) => T)(length);
  more.set(array);
  return more;
}
