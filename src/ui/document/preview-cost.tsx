import { QuietBar } from '../parts/bar.tsx';
import { Button } from '../parts/button.tsx';
import { duration, number, plural } from '../parts/format.ts';
import css from './chunking.module.css';
import type { PreviewState } from './previews.ts';

interface Props {
  preview: PreviewState;
  onEmbed: () => void;
  onCancel: () => void;
}

/** What a preview must embed first: said before it begins, counted while it goes on. */
export function PreviewCost({ preview: { toEmbed, embedding }, onEmbed, onCancel }: Props) {
  if (embedding) {
    const { done, total } = embedding;
    return (
      <div className={css.cost}>
        <p role="status">
          Embedding {number(done)} of {plural(total, 'sentence')}
        </p>
        <QuietBar value={done / total} />
        <Button onClick={onCancel}>Cancel</Button>
      </div>
    );
  }
  if (!toEmbed) return null;
  const { sentences, seconds } = toEmbed;
  return (
    <div className={css.cost}>
      <p role="status">
        {plural(sentences, 'sentence')} of this file must be embedded first
        {seconds === undefined ? '' : `, about ${duration(seconds)}`}. After that the sliders answer at once.
      </p>
      <Button onClick={onEmbed}>Embed and preview</Button>
    </div>
  );
}
