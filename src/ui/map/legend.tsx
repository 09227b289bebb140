import type { ColourBy } from '../../state/chunk-map.ts';
import { number } from '../parts/format.ts';
import type { Group } from './groups.ts';
import css from './map.module.css';

interface Props {
  groups: readonly Group[];
  by: ColourBy;
  pinned: number | undefined;
  onHold: (group: number | undefined) => void;
  onPin: (group: number | undefined) => void;
}

/** What the colours mean. The pointer or the focus on an entry lifts its points out; a press keeps them so. */
export function Legend({ groups, by, pinned, onHold, onPin }: Props) {
  return (
    <ul className={css.legend} aria-label={`Colours by ${by}`}>
      {groups.map((group, index) => (
        <li key={group.label}>
          <button
            type="button"
            className={css.entry}
            aria-pressed={pinned === index}
            title={group.label}
            onPointerEnter={() => onHold(index)}
            onPointerLeave={() => onHold(undefined)}
            onFocus={() => onHold(index)}
            onBlur={() => onHold(undefined)}
            onClick={() => onPin(pinned === index ? undefined : index)}
          >
            <Swatch colour={group.colour} />
            <span className={css.entryName}>{group.label}</span>
            <span className={css.entryCount}>{number(group.chunks)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

export function Swatch({ colour }: { colour: number }) {
  const name = colour === 0 ? '--map-other' : `--map-${colour}`;
  return <span className={css.swatch} style={{ background: `var(${name})` }} aria-hidden />;
}

/** What the colours mean while they show how well chunks answer. */
export function ScoreLegend() {
  return (
    <div className={css.scores}>
      <div className={css.ramp} aria-hidden />
      <p>
        <span>answers nothing</span>
        <span>answers best</span>
      </p>
    </div>
  );
}
