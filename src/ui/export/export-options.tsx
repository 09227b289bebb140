import { EXPORT_COLUMNS, type ExportColumn, type VectorPrecision } from '../../domain/export.ts';
import type { ExportFormatInfo, ExportPreview } from '../../workspace/exports-api.ts';
import field from '../parts/field.module.css';
import { Segments } from '../parts/segments.tsx';
import css from './export.module.css';
import { PageSearch, WEB_PAGE } from './page-search.tsx';
import { WhichFiles } from './which-files.tsx';

/** What a person chose for any format; a format takes what it can hold. */
export interface ChosenOptions {
  precision: VectorPrecision;
  /** Columns left out. */
  without: ReadonlySet<ExportColumn>;
  /** Only the files that are selected in the list. */
  selectedOnly: boolean;
  /** A web page without the vectors and the model. */
  wordsOnly: boolean;
  /** The original files beside the texts, where the format holds them. */
  originals: boolean;
}

const COLUMN_NAMES: Record<ExportColumn, string> = {
  embedding: 'Vector',
  text: 'Text',
  file: 'File',
  start: 'Start',
  end: 'End',
  tokens: 'Tokens',
  page: 'Page',
  headings: 'Headings',
  lines: 'Lines',
};

const PRECISIONS: { value: VectorPrecision; label: string }[] = [
  { value: 'float32', label: '32-bit, exact' },
  { value: 'float16', label: '16-bit' },
  { value: 'int8', label: '8-bit' },
];

interface Props {
  format: ExportFormatInfo;
  options: ChosenOptions;
  /** Files selected in the list. */
  selected: number;
  error?: ExportPreview['error'];
  /** Whether the model may go along into a web page. */
  modelComes: boolean;
  onChange: (options: ChosenOptions) => void;
}

/** Which files, which columns, how finely. */
export function ExportOptionFields({ format, options, selected, error, modelComes, onChange }: Props) {
  const { precision, without, selectedOnly } = options;
  function toggle(column: ExportColumn, wanted: boolean) {
    const next = new Set(without);
    if (wanted) next.delete(column);
    else next.add(column);
    onChange({ ...options, without: next });
  }
  const page = format.id === WEB_PAGE;
  const left = without.has('embedding') && format.optional.includes('embedding');
  const vectors = page ? modelComes && !options.wordsOnly : !left;
  const precisions = PRECISIONS.filter(({ value }) => format.precisions.includes(value));
  return (
    <div className={field.stack}>
      <WhichFiles
        selected={selected}
        selectedOnly={selectedOnly}
        onChange={only => onChange({ ...options, selectedOnly: only })}
      />
      {page && (
        <PageSearch
          modelComes={modelComes}
          wordsOnly={options.wordsOnly}
          onChange={wordsOnly => onChange({ ...options, wordsOnly })}
        />
      )}
      {vectors && precisions.length > 1 && (
        <div className={field.field}>
          <span className={field.label}>Numbers of the vectors</span>
          <Segments
            label="Numbers of the vectors"
            value={precision}
            choices={precisions}
            onChange={value => onChange({ ...options, precision: value })}
          />
          {error && (
            <span className={field.hint} role="status">
              Off by {error.largest.toPrecision(2)} at the most; cosine with the exact vector at least{' '}
              {error.leastCosine.toFixed(6)}, over a sample.
            </span>
          )}
        </div>
      )}
      {format.originals && (
        <label className={field.check}>
          <input
            type="checkbox"
            checked={options.originals}
            onChange={event => onChange({ ...options, originals: event.target.checked })}
          />
          The original files, as far as they were kept
        </label>
      )}
      {!page && format.optional.length > 0 && (
        <fieldset className={css.columns} aria-label="Columns">
          {EXPORT_COLUMNS.filter(column => format.optional.includes(column)).map(column => (
            <label key={column} className={field.check}>
              <input
                type="checkbox"
                checked={!without.has(column)}
                onChange={event => toggle(column, event.target.checked)}
              />
              {COLUMN_NAMES[column]}
            </label>
          ))}
        </fieldset>
      )}
    </div>
  );
}
