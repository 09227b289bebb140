import { Download, Save } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { CollectionInfo } from '../../domain/collection.ts';
import type { ChunkPlace } from '../../domain/search.ts';
import { client, screen } from '../../state/app.ts';
import type { ExportFormatInfo, ExportPreview } from '../../workspace/exports-api.ts';
import type { DatabaseInfo } from '../../workspace/upsert-api.ts';
import { useCollection, useScreen } from '../app/hooks.ts';
import { Bar } from '../parts/bar.tsx';
import { Button } from '../parts/button.tsx';
import { Dialog, DialogActions } from '../parts/dialog.tsx';
import { number, plural, sentence, size } from '../parts/format.ts';
import { Notice } from '../parts/notice.tsx';
import css from './export.module.css';
import { type ChosenOptions, ExportOptionFields } from './export-options.tsx';
import { FormatList, intoDatabase } from './format-list.tsx';
import { WEB_PAGE } from './page-search.tsx';
import { canChooseTarget, endingOf, shortenRecord } from './record.ts';
import { UpsertPane } from './upsert-pane.tsx';
import { optionsFor, useExporting, useExportPreview } from './use-export.ts';

interface Props {
  /** Only these chunks, of those with a vector; all where absent. */
  places?: readonly ChunkPlace[];
  /** The database that the page was reloaded for just now. */
  into?: string;
  /** Whether only the selected files were to go into it. */
  selectedOnly: boolean;
  onClose: () => void;
}

/** Where what was wanted is not offered. */
const FIRST = 'json';

export function ExportDialog({ places, into, selectedOnly, onClose }: Props) {
  const collection = useCollection();
  const [formats, setFormats] = useState<ExportFormatInfo[]>([]);
  const [databases, setDatabases] = useState<DatabaseInfo[]>([]);
  const last = useScreen(state => state.exportAs);
  const [wanted, setWanted] = useState(into === undefined ? (last ?? FIRST) : intoDatabase(into));
  useEffect(() => {
    const failed = (error: unknown) => screen.toast({ tone: 'bad', text: sentence(error) });
    client.exportFormats().then(setFormats, failed);
    client.databases().then(setDatabases, failed);
  }, []);
  // An archive holds whole files.
  const offered = places ? formats.filter(({ originals }) => !originals) : formats;
  const known = [...offered.map(({ id }) => id), ...databases.map(({ id }) => intoDatabase(id))];
  const chosen = known.includes(wanted) ? wanted : FIRST;
  const choose = (id: string) => {
    setWanted(id);
    screen.set({ exportAs: id });
  };
  const format = offered.find(({ id }) => id === chosen);
  const database = databases.find(({ id }) => intoDatabase(id) === chosen);
  return (
    <Dialog
      title={places ? `Export ${plural(places.length, 'chunk')}` : 'Export'}
      onClose={onClose}
      width="broad"
    >
      <div className={css.export}>
        <FormatList formats={offered} databases={databases} chosen={chosen} onChoose={choose} />
        {collection && format && (
          <Chosen
            collection={collection}
            format={format}
            ending={endingOf(format, formats)}
            {...(places ? { places } : {})}
            onClose={onClose}
          />
        )}
        {collection && database && (
          <UpsertPane
            key={database.id}
            collection={collection}
            database={database}
            returned={into === database.id}
            selectedOnly={selectedOnly && into === database.id}
            {...(places ? { places } : {})}
            onClose={onClose}
          />
        )}
      </div>
    </Dialog>
  );
}

interface ChosenProps {
  collection: CollectionInfo;
  format: ExportFormatInfo;
  /** What the file's name ends in. */
  ending: string;
  places?: readonly ChunkPlace[];
  onClose: () => void;
}

/** The chosen format: what goes in, how the first record looks, and the way out. */
function Chosen({ collection, format, ending, places, onClose }: ChosenProps) {
  const selection = useScreen(state => state.selection.ids);
  const [wanted, setWanted] = useState<ChosenOptions>({
    precision: 'float32',
    without: new Set(),
    selectedOnly: false,
    wordsOnly: false,
    originals: true,
  });
  const options = {
    ...optionsFor(format, wanted, places ? [] : [...selection]),
    ...(places ? { places: [...places] } : {}),
  };
  const { preview, error, fresh } = useExportPreview(collection, options);
  const { progress, cancel, download, saveAs } = useExporting(collection, ending, onClose);
  const busy = progress !== undefined;
  return (
    <div className={css.chosen}>
      <ExportOptionFields
        format={format}
        options={{ ...wanted, precision: options.precision ?? 'float32' }}
        selected={places ? 0 : selection.size}
        modelComes={preview?.modelComes ?? true}
        onChange={setWanted}
        {...(fresh && preview?.error ? { error: preview.error } : {})}
      />
      {error === undefined ? (
        <Preview preview={preview} fresh={fresh} asJson={format.originals || format.id === WEB_PAGE} />
      ) : (
        <p role="alert">{error}</p>
      )}
      {progress && (
        <div className={css.progress}>
          <Bar value={progress.total === 0 ? 0 : progress.done / progress.total} label="Export" />
          <span>
            {progress.total === 0 ? 'Starting' : `${number(progress.done)} of ${number(progress.total)}`}
          </span>
        </div>
      )}
      <DialogActions>
        <Button
          look="link"
          className={css.import}
          disabled={busy}
          onClick={() => screen.set({ dialog: { kind: 'import' } })}
        >
          Import…
        </Button>
        <Button onClick={busy ? cancel : onClose}>Cancel</Button>
        {canChooseTarget && (
          <Button disabled={busy} onClick={() => void saveAs(format, options)}>
            <Save size={16} aria-hidden /> Save as…
          </Button>
        )}
        <Button look="primary" disabled={busy} onClick={() => void download(options)}>
          <Download size={16} aria-hidden /> Download
        </Button>
      </DialogActions>
    </div>
  );
}

interface PreviewProps {
  preview: ExportPreview | undefined;
  fresh: boolean;
  /** The file has no records that could be read: it is shown what one holds. */
  asJson: boolean;
}

function Preview({ preview, fresh, asJson }: PreviewProps) {
  return (
    <>
      <figure className={css.figure}>
        <figcaption>
          The first record{asJson && ' as JSON would have it'}, its vector shortened here
        </figcaption>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
        <section className={css.record} tabIndex={0} aria-label="First record">
          {preview ? (preview.records > 0 ? shortenRecord(preview.first) : 'No vectors yet.') : '…'}
        </section>
      </figure>
      <p className={css.size} role="status">
        {preview && fresh
          ? `${plural(preview.records, 'record')}, about ${size(preview.bytes)}`
          : 'Measuring'}
      </p>
      {preview && preview.unfinished > 0 && (
        <Notice tone="warn">
          {preview.unfinished === 1
            ? '1 file is not finished: its vectors so far are included.'
            : `${number(preview.unfinished)} files are not finished: their vectors so far are included.`}
        </Notice>
      )}
    </>
  );
}
