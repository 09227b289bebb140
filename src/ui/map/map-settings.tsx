import { chunkMap } from '../../state/app.ts';
import type { ColourBy } from '../../state/chunk-map.ts';
import field from '../parts/field.module.css';
import { Segments } from '../parts/segments.tsx';
import { useSearch } from '../search/hooks.ts';
import { useChunkMap } from './hooks.ts';
import css from './map.module.css';

const COLOURINGS: readonly { value: ColourBy; label: string }[] = [
  { value: 'file', label: 'by file' },
  { value: 'folder', label: 'by folder' },
  { value: 'type', label: 'by type' },
  { value: 'score', label: 'by score' },
];

interface Props {
  /** What groups have colours, while no scores do. */
  by: Exclude<ColourBy, 'score'>;
  onColourBy: (by: ColourBy) => void;
}

/** How chunks are laid out and what colours say. */
export function MapSettings({ by, onColourBy }: Props) {
  const projection = useChunkMap(state => state.projection);
  const wanted = useChunkMap(state => state.colourBy);
  // Scores are there only while something is asked.
  const asked = useSearch(state => !state.like && (state.answered ?? '') !== '');
  const colourings = COLOURINGS.filter(({ value }) => asked || value !== 'score');
  return (
    <div className={css.settings}>
      <Segments
        label="Layout"
        value={projection}
        choices={[
          { value: 'pca', label: 'Quick (PCA)' },
          { value: 'umap', label: 'Finer (UMAP)' },
        ]}
        onChange={chunkMap.show}
      />
      <label className={css.by}>
        <span>Colour</span>
        <select
          className={field.input}
          value={asked && wanted === 'score' ? 'score' : by}
          onChange={event => onColourBy(event.target.value as ColourBy)}
        >
          {colourings.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}
