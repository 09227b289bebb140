import { child, childrenOf, type Element } from '../../markup.ts';

/** A stored number as it is shown. */
export type NumberFormat = (raw: string) => string;

/** Built-in formats that show a date or a time (ECMA-376 part 1, 18.8.30). */
const BUILT_IN: Record<number, string> = {
  9: '0%',
  10: '0.00%',
  14: 'yyyy-mm-dd',
  15: 'yyyy-mm-dd',
  16: 'mm-dd',
  17: 'yyyy-mm',
  18: 'h:mm',
  19: 'h:mm:ss',
  20: 'h:mm',
  21: 'h:mm:ss',
  22: 'yyyy-mm-dd h:mm',
  45: 'mm:ss',
  46: 'h:mm:ss',
  47: 'mm:ss',
};
const DAY = 86_400_000;

/** The formats that cells name by their style's index. */
export function numberFormats(styles: Element | undefined, since1904: boolean): NumberFormat[] {
  const codes = new Map(
    childrenOf(child(styles, 'numFmts'), 'numFmt').map(({ attributes }) => [
      Number(attributes.numFmtId),
      attributes.formatCode ?? '',
    ]),
  );
  return childrenOf(child(styles, 'cellXfs'), 'xf').map(({ attributes }) => {
    const id = Number(attributes.numFmtId ?? '0');
    return format(codes.get(id) ?? BUILT_IN[id] ?? '', since1904);
  });
}

function format(code: string, since1904: boolean): NumberFormat {
  const plain = code.replace(/"[^"]*"|\\.|\[[^\]]*\]|_.|\*./g, '').toLowerCase();
  const hasDay = /[yd]/.test(plain) || (/m/.test(plain) && !/[hs]/.test(plain));
  const hasTime = /[hs]/.test(plain);
  if ((hasDay || hasTime) && !/[0#?]/.test(plain.replace(/s\.0+/, ''))) {
    return raw => dateText(Number(raw) + (since1904 ? 1462 : 0), hasDay, hasTime) ?? raw;
  }
  const percent = /^[^;]*?0(?:\.(0+))?%/.exec(plain);
  if (percent) return raw => `${(Number(raw) * 100).toFixed(percent[1]?.length ?? 0)}%`;
  return raw => shortest(raw);
}

/** Days since the end of 1899 as ISO 8601 writes them. */
function dateText(days: number, hasDay: boolean, hasTime: boolean): string | undefined {
  if (!(days >= 0 && days < 2_958_466)) return undefined;
  const date = new Date(Date.UTC(1899, 11, days < 60 ? 31 : 30) + Math.round(days * DAY));
  const iso = date.toISOString();
  const time = iso.slice(11, iso.slice(17, 19) === '00' ? 16 : 19);
  if (!hasTime) return iso.slice(0, 10);
  return hasDay ? `${iso.slice(0, 10)} ${time}` : time;
}

/** 0.1 was stored as 0.10000000000000001. */
function shortest(raw: string): string {
  const value = Number(raw);
  if (!Number.isFinite(value) || (Number.isInteger(value) && !/e/i.test(raw))) return raw;
  return String(Number(value.toPrecision(15)));
}
