/** A label with the middle of its place and its extent, in pixels. */
export interface PlacedLabel {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Room between labels, in pixels. */
const GAP = 4;

/** Which labels can be shown without one lying over another; those that come first go first. */
export function withoutOverlap(labels: readonly PlacedLabel[]): boolean[] {
  const shown: PlacedLabel[] = [];
  return labels.map(label => {
    const free = shown.every(
      other =>
        Math.abs(other.x - label.x) >= (other.width + label.width) / 2 + GAP ||
        Math.abs(other.y - label.y) >= (other.height + label.height) / 2 + GAP,
    );
    if (free) shown.push(label);
    return free;
  });
}
