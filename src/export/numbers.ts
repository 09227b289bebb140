/**
 * A float32 as decimal text that reads back as the very same float32, nine significant digits at the most
 * (enough for every float32: IEEE 754, 5.12.2).
 */
export function float32Text(value: number): string {
  if (Object.is(value, -0)) return '-0';
  // Eight digits suffice for most; trying fewer costs more than it saves.
  const eight = Number(value.toPrecision(8));
  return String(Math.fround(eight) === value ? eight : Number(value.toPrecision(9)));
}

/** A vector as a JSON array. */
export function vectorText(vector: Float32Array): string {
  let text = '[';
  for (let i = 0; i < vector.length; i++) text += (i > 0 ? ',' : '') + float32Text(vector[i] as number);
  return `${text}]`;
}
