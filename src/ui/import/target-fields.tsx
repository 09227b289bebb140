import type { CollectionInfo } from '../../domain/collection.ts';
import { mirror } from '../../state/app.ts';
import { useMirror } from '../app/hooks.ts';
import field from '../parts/field.module.css';
import { Segments } from '../parts/segments.tsx';
import { freeName } from './words.ts';

/** Where imported chunks are to go, as chosen so far. */
export interface Destination {
  to: 'new' | 'existing';
  /** Of the new one. */
  name: string;
  /** The one that is there; absent while none was chosen or none fits. */
  collectionId?: string | undefined;
}

interface Props {
  destination: Destination;
  /** Ids of the collections that it may be merged into; absent while that is not known. */
  fits: readonly string[] | undefined;
  /** Why another one does not fit, in a few words. */
  misfit: (collection: CollectionInfo) => string;
  onChange: (destination: Destination) => void;
}

/** A collection of its own, or one that is there and fits; the others say why they do not. */
export function TargetFields({ destination, fits, misfit, onChange }: Props) {
  const collections = useMirror(state => state.collections);
  const { to, name, collectionId } = destination;
  const chosen = fits?.find(id => id === collectionId);
  return (
    <div className={field.stack}>
      {collections.length > 0 && (
        <div className={field.field}>
          <span className={field.label}>Where to</span>
          <Segments
            label="Where to"
            value={to}
            choices={[
              { value: 'new', label: 'A new collection' },
              { value: 'existing', label: 'One that is here' },
            ]}
            onChange={value => onChange({ ...destination, to: value })}
          />
        </div>
      )}
      {to === 'new' ? (
        <label className={field.field}>
          <span className={field.label}>Name of the new collection</span>
          <input
            className={field.input}
            value={name}
            onChange={event => onChange({ ...destination, name: event.target.value })}
          />
        </label>
      ) : (
        <label className={field.field}>
          <span className={field.label}>Into</span>
          <select
            className={field.input}
            value={chosen ?? ''}
            onChange={event => onChange({ ...destination, collectionId: event.target.value })}
          >
            {chosen === undefined && (
              <option value="" disabled>
                {fits === undefined
                  ? 'Looking which fit'
                  : fits.length === 0
                    ? 'No collection fits'
                    : 'Choose a collection'}
              </option>
            )}
            {collections.map(collection => {
              const fit = fits?.includes(collection.id) ?? false;
              return (
                <option key={collection.id} value={collection.id} disabled={!fit}>
                  {fit || fits === undefined ? collection.name : `${collection.name}: ${misfit(collection)}`}
                </option>
              );
            })}
          </select>
        </label>
      )}
    </div>
  );
}

/** A new collection with the name that it had, or the next one where that is taken; an existing one is proposed too. */
export function firstDestination(name: string): Destination {
  const { collections, currentId } = mirror.store.getState();
  return {
    to: 'new',
    name: freeName(name, new Set(collections.map(one => one.name))),
    collectionId: currentId,
  };
}
