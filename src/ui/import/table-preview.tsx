import type { ImportSample } from '../../domain/import.ts';
import { number, plural } from '../parts/format.ts';
import css from './import.module.css';
import { vectorWords } from './words.ts';

interface Props {
  samples: readonly ImportSample[];
  /** Of their vectors. */
  dimensions: number | undefined;
  /** Whether they are of the mapping as it is now. */
  fresh: boolean;
}

/** The first records as they will stand. */
export function TablePreview({ samples, dimensions, fresh }: Props) {
  return (
    <figure className={css.preview}>
      <figcaption>The first records as they will stand</figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <section className={css.records} tabIndex={0} aria-label="First records" aria-busy={!fresh}>
        {samples.length === 0 && <p className={css.about}>{fresh ? 'There is nothing to show yet.' : '…'}</p>}
        {samples.map((sample, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: records have no identity yet, and come all at once
          <Record key={index} sample={sample} dimensions={dimensions} />
        ))}
      </section>
    </figure>
  );
}

function Record({ sample, dimensions }: { sample: ImportSample; dimensions: number | undefined }) {
  const { file, text, embedding, tokens, page, headings = [] } = sample;
  const place = [
    page === undefined ? '' : `page ${number(page)}`,
    plural(tokens, 'token'),
    dimensions === undefined ? '' : `${number(dimensions)} dimensions`,
  ].filter(Boolean);
  return (
    <article className={css.record}>
      <p className={css.recordHead}>
        <b>{file}</b> <span>{place.join(' · ')}</span>
      </p>
      {headings.length > 0 && <p className={css.headings}>{headings.join(' › ')}</p>}
      <p className={css.recordText}>{text}</p>
      <code className={css.vector}>{vectorWords(embedding)}</code>
    </article>
  );
}
