import { useCollection, useMirror } from '../app/hooks.ts';
import { Facts } from '../parts/facts.tsx';
import { number, plural, size } from '../parts/format.ts';
import { Chunking } from './chunking.tsx';
import css from './detail.module.css';
import { DetailHead } from './detail-pane.tsx';
import { ChunkFacts, LikenessCard } from './facts-cards.tsx';
import { RecipeCard } from './recipe-card.tsx';

/** The collection as a whole. */
export function Overview() {
  const collection = useCollection();
  const counts = useMirror(state => state.table.counts);
  const busy = counts.waiting + counts.reading + counts.embedding;
  if (!collection) return null;
  const figures: [string, string][] = [
    ['files', number(collection.files)],
    ['chunks', number(collection.chunks)],
    ['tokens', number(collection.tokens)],
    ['of files', size(collection.bytes)],
  ];
  return (
    <section className={css.pane} id="detail" tabIndex={-1} aria-label="Overview">
      <DetailHead>
        <div className={css.title}>
          <h2>{collection.name}</h2>
          <p>since {new Date(collection.createdAt).toLocaleDateString('en', { dateStyle: 'long' })}</p>
        </div>
      </DetailHead>
      <div className={css.overview}>
        <section className={css.card}>
          <h3>In this collection</h3>
          <dl className={css.figures}>
            {figures.map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
          <Facts
            facts={[
              ['Done', plural(counts.done, 'file')],
              ['Under way', some(busy)],
              ['Failed', some(counts.failed)],
              ['Cancelled', some(counts.cancelled)],
            ]}
          />
          <ChunkFacts collection={collection} />
        </section>
        <div className={css.card}>
          <RecipeCard key={collection.id} collection={collection} />
        </div>
        <div className={css.card}>
          <Chunking collection={collection} />
        </div>
        {collection.chunks > 0 && (
          <div className={`${css.card} ${css.across}`}>
            <LikenessCard key={collection.id} collection={collection} done={counts.done} busy={busy > 0} />
          </div>
        )}
      </div>
    </section>
  );
}

/** Nothing is said of none. */
function some(files: number): string | undefined {
  return files > 0 ? plural(files, 'file') : undefined;
}
