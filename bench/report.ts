/** One figure of a benchmark, with what it is held against. */
export interface Measure {
  name: string;
  value: number;
  unit: string;
  atLeast?: number;
  atMost?: number;
  /** What it was seen with: spread, cause, circumstances. */
  note?: string;
  /** For the speed of an engine: what of it a program compares. */
  engine?: { name: string; threads: number; inputTokens: number; tokensPerSecond: number };
}

/** Whether a figure reaches its target; undefined where it has none. */
export function reached({ value, atLeast, atMost }: Measure): boolean | undefined {
  if (atLeast !== undefined) return value >= atLeast;
  if (atMost !== undefined) return value <= atMost;
  return undefined;
}

/** The middle value; of an even count the mean of the two. NaN for none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** Figures as a person reads them, one a line. */
export function table(measures: readonly Measure[]): string {
  const rows = measures.map(measure => {
    const { name, value, unit, atLeast, atMost, note } = measure;
    const target = atLeast !== undefined ? `≥ ${atLeast}` : atMost !== undefined ? `≤ ${atMost}` : '';
    const verdict = { true: 'reached', false: 'MISSED', undefined: '' }[String(reached(measure))] ?? '';
    return [name, `${figure(value)} ${unit}`, target, verdict, note ?? ''];
  });
  const widths = [0, 1, 2, 3].map(column => Math.max(...rows.map(row => row[column]?.length ?? 0)));
  return rows
    .map(row =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Three digits that count. */
function figure(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}

/** Says on standard error what is being done: a benchmark takes minutes. */
export function progress(what: string): void {
  process.stderr.write(`  ${what}\n`);
}
