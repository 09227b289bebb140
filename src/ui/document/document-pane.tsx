import { RotateCcw, Trash2, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { chunkAt } from '../../domain/chunk.ts';
import type { FileRow } from '../../domain/collection.ts';
import { cancelFiles, removeFiles, retryFiles } from '../app/actions.ts';
import { useActive, useCollection, useMirror, useScreen } from '../app/hooks.ts';
import { chunksDone, isRetriable, isRunning, stateWords } from '../files/file-state.tsx';
import { Bar } from '../parts/bar.tsx';
import { Button } from '../parts/button.tsx';
import { number, plural, size, splitPath } from '../parts/format.ts';
import { chunkNear } from './bands.ts';
import { ChunkPanel } from './chunk-panel.tsx';
import { Chunking } from './chunking.tsx';
import { pickedWords } from './citation.ts';
import css from './detail.module.css';
import { DetailHead } from './detail-pane.tsx';
import { PreviewCost } from './preview-cost.tsx';
import { Reader } from './reader.tsx';
import { useDraftRecipe, usePreview } from './use-chunking.ts';
import { useDocument } from './use-document.ts';

/** One file: its text with the chunks, what is known of the chosen one, and the chunking. */
export function DocumentPane({ row }: { row: FileRow }) {
  const [folder, name] = splitPath(row.path);
  const format = useMirror(state => state.offers.formats.find(({ id }) => id === row.format));
  return (
    <section className={css.pane} id="detail" tabIndex={-1} aria-label="Document">
      <DetailHead>
        <div className={css.title}>
          <h2>{name}</h2>
          <p>{[folder, format?.name ?? row.format, size(row.bytes)].filter(Boolean).join(' · ')}</p>
        </div>
        <Deeds row={row} />
      </DetailHead>
      <DocumentBody row={row} />
    </section>
  );
}

function Deeds({ row }: { row: FileRow }) {
  return (
    <div className={css.deeds}>
      {isRunning(row.state) && (
        <Button
          look="quiet"
          icon
          aria-label="Cancel this file"
          title="Cancel this file"
          onClick={() => void cancelFiles([row.id])}
        >
          <X size={16} aria-hidden />
        </Button>
      )}
      <Button look="quiet" icon aria-label="Remove" title="Remove" onClick={() => void removeFiles([row.id])}>
        <Trash2 size={16} aria-hidden />
      </Button>
    </div>
  );
}

function DocumentBody({ row }: { row: FileRow }) {
  const collection = useCollection();
  const { document, error, loading } = useDocument(row);
  const recipe = useDraftRecipe(collection);
  const preview = usePreview(document && row.id, recipe);
  const strategies = useMirror(state => state.offers.strategies);
  const target = useScreen(state => (state.target?.fileId === row.id ? state.target : undefined));
  const [chosen, setChosen] = useState(target?.ordinal ?? 0);
  const [view, setView] = useState<'text' | 'chunk'>('text');
  const previewed = recipe ? preview.chunks : undefined;
  const columns = previewed ?? document?.info.chunks;

  useEffect(() => {
    if (target) setChosen(target.ordinal);
  }, [target]);

  // Other chunks, the same place: the choice stays where it was in the text.
  const before = useRef(columns);
  useEffect(() => {
    const old = before.current;
    before.current = columns;
    if (!old || !columns || old === columns) return;
    setChosen(index => chunkNear(columns, old.starts[index] ?? 0));
  }, [columns]);

  if (!document || !columns || columns.count === 0) {
    return <Standing row={row} loading={loading} {...(error === undefined ? {} : { error })} />;
  }
  const chunk = chunkAt(columns, Math.min(chosen, columns.count - 1));
  const done =
    row.state === 'embedding' ? Math.max(document.info.embedded, row.done) : document.info.embedded;
  const shownRecipe = (previewed && recipe) ?? collection?.recipe;
  const strategy = shownRecipe && pickedWords(columns, shownRecipe, strategies);
  const limit = shownRecipe?.chunkSize ?? chunk.tokens;
  const cost = <PreviewCost preview={preview} onEmbed={preview.embed} onCancel={preview.cancel} />;
  const count = plural(columns.count, 'chunk');
  const words = !recipe
    ? `${count} in this file`
    : (preview.error ??
      (preview.toEmbed || preview.embedding
        ? `${count} in this file as it is`
        : !previewed
          ? 'Cutting this file anew'
          : `${count} in this file instead of ${number(document.info.chunks.count)}`));
  return (
    <>
      <div className={css.tabs}>
        <Button look="quiet" aria-pressed={view === 'text'} onClick={() => setView('text')}>
          Text
        </Button>
        <Button look="quiet" aria-pressed={view === 'chunk'} onClick={() => setView('chunk')}>
          Chunk {chunk.ordinal + 1}
        </Button>
      </div>
      <div className={css.body} data-view={view}>
        <Reader
          document={document}
          columns={columns}
          chosen={chunk.ordinal}
          onChoose={setChosen}
          monospaced={row.format === 'code' || row.format === 'yaml'}
        />
        <aside className={css.side} aria-label="Chunk and chunking">
          <ChunkPanel
            document={document}
            chunk={chunk}
            limit={limit}
            {...(strategy === undefined ? {} : { strategy })}
            embedded={!previewed && chunk.ordinal < done}
            preview={previewed !== undefined}
          />
          {collection && <Chunking collection={collection} here={{ words, columns, limit, cost }} />}
        </aside>
      </div>
    </>
  );
}

/** In place of a text that is not there: where the file stands, and what can be done. */
function Standing({ row, loading, error }: { row: FileRow; loading: boolean; error?: string }) {
  const active = useActive(row.id);
  if (loading && row.state === 'done') return <div className={css.stands} />;
  return (
    <div className={css.stands}>
      <p>{error ?? stateWords(row, active)}</p>
      {row.state === 'embedding' && row.chunks > 0 && (
        <Bar value={chunksDone(row, active) / row.chunks} label="Chunks embedded" />
      )}
      {isRetriable(row) && (
        <Button onClick={() => void retryFiles([row.id])}>
          <RotateCcw size={15} aria-hidden /> Retry
        </Button>
      )}
    </div>
  );
}
