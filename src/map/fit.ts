/** Moves and scales points (x and y in turn), in place and evenly in both directions, so that they fill −1 to 1. */
export function fitToSquare(points: Float32Array): void {
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < points.length; i += 2) {
    const x = points[i] as number;
    const y = points[i + 1] as number;
    if (x < left) left = x;
    if (x > right) right = x;
    if (y < top) top = y;
    if (y > bottom) bottom = y;
  }
  const extent = Math.max(right - left, bottom - top);
  const scale = extent > 0 && Number.isFinite(extent) ? 2 / extent : 0;
  const [middleX, middleY] = [(left + right) / 2, (top + bottom) / 2];
  for (let i = 0; i < points.length; i += 2) {
    points[i] = clamp(((points[i] as number) - middleX) * scale);
    points[i + 1] = clamp(((points[i + 1] as number) - middleY) * scale);
  }
}

const clamp = (value: number) => Math.min(1, Math.max(-1, value));
