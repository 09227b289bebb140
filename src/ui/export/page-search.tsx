import field from '../parts/field.module.css';
import { Segments } from '../parts/segments.tsx';

/** The id of the format that is a page which searches itself. */
export const WEB_PAGE = 'share';

interface Props {
  /** Whether the model may go along; without it nothing is found by meaning. */
  modelComes: boolean;
  wordsOnly: boolean;
  onChange: (wordsOnly: boolean) => void;
}

/** What the page finds by, which is what makes it large or small. */
export function PageSearch({ modelComes, wordsOnly, onChange }: Props) {
  if (!modelComes) {
    return (
      <p className={field.hint}>
        The page will search by words only: the model of this collection does not come with Vecdrop, and
        without it a question cannot be embedded.
      </p>
    );
  }
  return (
    <div className={field.field}>
      <span className={field.label}>The page searches by</span>
      <Segments
        label="The page searches by"
        value={wordsOnly ? 'words' : 'both'}
        choices={[
          { value: 'both', label: 'Meaning and words' },
          { value: 'words', label: 'Words only' },
        ]}
        onChange={value => onChange(value === 'words')}
      />
      <span className={field.hint}>
        {wordsOnly
          ? 'Small: the texts, without vectors and model.'
          : 'With the vectors, and 34 MB for the model that embeds questions.'}
      </span>
    </div>
  );
}
