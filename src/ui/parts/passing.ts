/** Milliseconds for which the page says what it says in passing. Tests hold these timers, which no other may equal. */

/** A notice: long enough to read … */
export const NOTICE_MS = 6_000;
/** … and to think twice where there is an Undo. */
export const LONG_NOTICE_MS = 20_000;
/** That something was copied. */
export const COPIED_MS = 2_500;
