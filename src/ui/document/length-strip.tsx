import { useMemo } from 'react';
import { number, plural } from '../parts/format.ts';
import css from './length-strip.module.css';
import { lengthsOf, lengthWords } from './lengths.ts';

const BINS = 30;

interface Props {
  caption: string;
  /** Of each chunk. */
  tokens: Uint32Array;
  limit: number;
}

/** How long chunks are: bars by tokens up to `limit`, and the same in words. */
export function LengthStrip({ caption, tokens, limit }: Props) {
  const lengths = useMemo(() => lengthsOf(tokens, limit, BINS), [tokens, limit]);
  const highest = Math.max(...lengths.bins);
  return (
    <figure className={css.lengths}>
      <figcaption>
        <span>{caption}</span>
        <span aria-hidden>highest bar: {plural(highest, 'chunk')}</span>
      </figcaption>
      <div
        className={css.bars}
        role="img"
        aria-label={`${plural(tokens.length, 'chunk')} by length, from 0 to ${number(limit)} tokens`}
      >
        {lengths.bins.map((count, bin) => (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: a bin is its place
            key={bin}
            data-some={count > 0 || undefined}
            style={{ height: `${(count / highest) * 100}%` }}
          />
        ))}
      </div>
      <div className={css.scale} aria-hidden>
        <span>0</span>
        <span>{number(Math.round(limit / 2))}</span>
        <span>{number(limit)} tokens</span>
      </div>
      <p>{lengthWords(lengths)}</p>
    </figure>
  );
}
