/** Numbers, sizes and times for people. The page speaks English, whatever the browser's language. */

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat('en', { maximumSignificantDigits: 2, notation: 'compact' });

/** 41203 → '41,203' */
export function number(value: number): string {
  return whole.format(value);
}

/** 4912 → '4.9k' */
export function compact(value: number): string {
  return short.format(value).toLowerCase();
}

/** (1, 'file') → '1 file'; (2000, 'file') → '2,000 files' */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${number(value)} ${value === 1 ? one : many}`;
}

const UNITS = ['kB', 'MB', 'GB', 'TB'];

/** 1234567 → '1.2 MB', in steps of 1,000 as disks and downloads are counted. */
export function size(bytes: number): string {
  if (bytes < 1000) return plural(bytes, 'byte');
  let value = bytes;
  let unit = '';
  for (const next of UNITS) {
    if (value < 999.5 && unit) break;
    value /= 1000;
    unit = next;
  }
  return `${value < 9.95 ? value.toFixed(1) : whole.format(value)} ${unit}`;
}

/** 170 → '3 min'; 4000 → '1 h 7 min'. Never less than a second. */
export function duration(seconds: number): string {
  if (seconds < 59.5) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

const timeOfDay = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** Milliseconds since 1970 → '14:03:22', where the person is */
export function clock(at: number): string {
  return timeOfDay.format(at);
}

const dayAndTime = new Intl.DateTimeFormat('en', { dateStyle: 'long', timeStyle: 'short', hourCycle: 'h23' });

/** Milliseconds since 1970 → 'March 3, 2026 at 14:03', where the person is */
export function moment(at: number): string {
  return dayAndTime.format(at);
}

/** 0.341 → '34%' */
export function percent(fraction: number): string {
  return `${Math.round(fraction * 100)}%`;
}

/** 'a/b/c.md' → ['a/b/', 'c.md'] */
export function splitPath(path: string): [folder: string, name: string] {
  const cut = path.lastIndexOf('/') + 1;
  return [path.slice(0, cut), path.slice(cut)];
}

/** 'https://example.org/v1' → 'example.org'; what is no address stays as it is. */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}

/** Any thrown value as a sentence. */
export function sentence(error: unknown): string {
  return error instanceof Error && error.message ? error.message : 'Something went wrong. Try again.';
}
