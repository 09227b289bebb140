/** Whether a UTF-16 unit is white space, as \s has it: all of it stands in the basic plane. */
export function isBlank(unit: number): boolean {
  if (unit < 128) return unit === 32 || (unit >= 9 && unit <= 13);
  return (
    unit === 0xa0 ||
    unit === 0xfeff ||
    unit === 0x3000 ||
    unit === 0x1680 ||
    (unit >= 0x2000 &&
      (unit <= 0x200a || unit === 0x2028 || unit === 0x2029 || unit === 0x202f || unit === 0x205f))
  );
}

/** The first offset from `at` on that is not blank; text.length where there is none. */
export function skipBlanks(text: string, at: number): number {
  let offset = at;
  while (offset < text.length && isBlank(text.charCodeAt(offset))) offset++;
  return offset;
}

/** `end` moved back over blanks, not before `start`. */
export function trimEnd(text: string, start: number, end: number): number {
  let offset = end;
  while (offset > start && isBlank(text.charCodeAt(offset - 1))) offset--;
  return offset;
}
