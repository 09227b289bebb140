import { useEffect, useState } from 'react';
import type { CollectionInfo } from '../../domain/collection.ts';
import { isAbort } from '../../domain/errors.ts';
import { client } from '../../state/app.ts';
import type { CollectionFacts, LikenessFacts, NamedPlace } from '../../workspace/facts-api.ts';
import { Button } from '../parts/button.tsx';
import { Facts } from '../parts/facts.tsx';
import { number, plural, sentence } from '../parts/format.ts';
import { openChunk } from '../search/actions.ts';
import css from './facts-cards.module.css';
import { LengthStrip } from './length-strip.tsx';

/** Chunks up to which likeness is looked for without being asked. */
const AT_ONCE = 20_000;
/** Milliseconds that a collection stays as it is before it is gone through. */
const REST_MS = 600;
/** Languages and groups shown. */
const LANGUAGES = 4;
const SHOWN = 5;

/** How long the chunks are, and in which languages. */
export function ChunkFacts({ collection }: { collection: CollectionInfo }) {
  const facts = useFacts(collection);
  if (!facts || facts.tokens.length === 0) return null;
  return (
    <>
      <LengthStrip caption="Chunk lengths" tokens={facts.tokens} limit={collection.recipe.chunkSize} />
      <Facts facts={[['Languages', languageWords(facts)]]} />
    </>
  );
}

function useFacts({ id, chunks, files }: CollectionInfo): CollectionFacts | undefined {
  const [facts, setFacts] = useState<{ id: string; facts: CollectionFacts }>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: other counts make other facts
  useEffect(() => {
    let current = true;
    const timer = setTimeout(() => {
      client.collectionFacts(id).then(
        found => current && setFacts({ id, facts: found }),
        // Without them the card says what it knows.
        () => {},
      );
    }, REST_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [id, chunks, files]);
  return facts?.id === id ? facts.facts : undefined;
}

function languageWords({ languages }: CollectionFacts): string {
  const names = new Intl.DisplayNames('en', { type: 'language' });
  const shown = languages
    .slice(0, LANGUAGES)
    .map(({ language, files }) => `${language ? names.of(language) : 'unknown'} ${number(files)}`);
  return [...shown, ...(languages.length > LANGUAGES ? ['others'] : [])].join(' · ');
}

interface LikenessProps {
  collection: CollectionInfo;
  /** Files that are whole: when there are more, there is more to compare. */
  done: number;
  /** Vectors are still being made. */
  busy: boolean;
}

/** What says nearly the same, and what is like nothing else. */
export function LikenessCard({ collection, done, busy: growing }: LikenessProps) {
  const { id, chunks } = collection;
  const [asked, setAsked] = useState(false);
  const { facts, error, busy } = useLikeness(collection, done, asked || (chunks <= AT_ONCE && !growing));
  if (chunks === 0) return null;
  return (
    <section className={css.card} aria-label="Likeness" key={id}>
      <h3>Likeness</h3>
      {error !== undefined && <p role="alert">{error}</p>}
      {!facts && (busy || growing) && (
        <p role="status">
          {growing && !asked
            ? 'When its vectors are made, chunks are compared.'
            : `Comparing ${plural(chunks, 'chunk')}`}
        </p>
      )}
      {!facts && !busy && !growing && error === undefined && (
        <Button onClick={() => setAsked(true)}>Look for near duplicates</Button>
      )}
      {facts && (
        <>
          <div className={css.counts}>
            <Facts
              facts={[
                ['Near duplicates', facts.duplicates === 0 ? 'none' : plural(facts.duplicates, 'chunk')],
                ['Compared', plural(facts.chunks, 'chunk')],
              ]}
            />
          </div>
          <div className={css.groups}>
            {facts.groups.slice(0, SHOWN).map((group, i) => (
              <Places key={placeKey(group[0])} title={`Nearly the same, ${i + 1}`} places={group} />
            ))}
            {facts.outliers.length > 0 && facts.chunks > SHOWN && (
              <Places title="Like nothing else here" places={facts.outliers.slice(0, SHOWN)} />
            )}
          </div>
          {facts.groups.length > SHOWN && (
            <p className={css.rest}>
              The largest groups are shown. Beside a chunk in its text stand all of its own.
            </p>
          )}
        </>
      )}
    </section>
  );
}

function Places({ title, places }: { title: string; places: readonly NamedPlace[] }) {
  return (
    <div className={css.places}>
      <h4>{title}</h4>
      <ul>
        {places.map(place => (
          <li key={placeKey(place)}>
            <button type="button" title={place.path} onClick={() => openChunk(place)}>
              <span>{place.path.split('/').at(-1)}</span>
              <span>chunk {number(place.ordinal + 1)}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

function placeKey(place: NamedPlace | undefined): string {
  return place ? `${place.fileId}/${place.ordinal}` : '';
}

function useLikeness({ id, chunks, files }: CollectionInfo, done: number, wanted: boolean) {
  const [answer, setAnswer] = useState<{ id: string; facts?: LikenessFacts; error?: string }>();
  const [busy, setBusy] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other counts make other facts
  useEffect(() => {
    if (!wanted || chunks === 0) return;
    const controller = new AbortController();
    setBusy(true);
    const timer = setTimeout(() => {
      client.likenessFacts(id, controller.signal).then(
        facts => {
          setAnswer({ id, facts });
          setBusy(false);
        },
        error => {
          if (isAbort(error)) return;
          setAnswer({ id, error: sentence(error) });
          setBusy(false);
        },
      );
    }, REST_MS);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [id, chunks, files, done, wanted]);
  const own = answer?.id === id ? answer : undefined;
  return { facts: own?.facts, error: own?.error, busy };
}
