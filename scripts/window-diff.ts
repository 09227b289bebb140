/**
 * How far two ways of cutting a text are apart: the share of windows in which they have not the same number of
 * boundaries; 0 where they agree (Pevzner and Hearst, 2002). Value i says whether unit i begins a segment, the first
 * one aside; the window is half the mean segment of the reference.
 */
export function windowDiff(reference: readonly boolean[], found: readonly boolean[]): number {
  const segments = reference.slice(1).filter(Boolean).length + 1;
  const size = Math.max(2, Math.round(reference.length / segments / 2));
  const boundaries = (cuts: readonly boolean[], at: number) =>
    cuts.slice(at + 1, at + size + 1).filter(Boolean).length;
  const windows = reference.length - size;
  let different = 0;
  for (let at = 0; at < windows; at++) if (boundaries(reference, at) !== boundaries(found, at)) different++;
  return windows > 0 ? different / windows : 0;
}
