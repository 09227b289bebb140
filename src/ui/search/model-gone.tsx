import { TriangleAlert } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { groupParts } from '../../domain/split.ts';
import { client, screen, shelf } from '../../state/app.ts';
import type { ModelDownload, ModelEntry } from '../../workspace/models-api.ts';
import { attempt, openModels } from '../app/actions.ts';
import { addModels } from '../app/adding.ts';
import { useCollection, useShelf } from '../app/hooks.ts';
import { downloadWords } from '../models/words.ts';
import { Button } from '../parts/button.tsx';
import { hostOf, size } from '../parts/format.ts';
import css from './hits.module.css';

/**
 * Words go on without the model: why it is not there, and the shortest way to have it again. The search is asked again
 * by itself when it is back.
 */
export function ModelGone({ notice }: { notice: string | undefined }) {
  const modelId = useCollection()?.recipe.modelId;
  const entry = useShelf(({ entries }) => entries?.find(({ info }) => info.id === modelId));
  const download = useShelf(({ downloads }) => downloads.find(({ source }) => isOf(source, entry)));
  useEffect(() => void shelf.readEntries().catch(() => {}), []);

  const bytes = entry?.info.bytes;

  return (
    <div className={css.stands}>
      <p>
        <TriangleAlert size={14} aria-hidden /> {notice ?? 'Found by words only: the model is gone.'}
      </p>
      {download ? (
        <p role="status">{download.message ?? downloadWords(download)}</p>
      ) : (
        <p className={css.deeds}>
          {entry?.from ? (
            <Button onClick={() => void attempt(() => shelf.download(entry.from as ModelDownload['source']))}>
              Download it again
              <span className={css.from}>{bytes ? `${size(bytes)} from ${hostWords(entry.from)}` : ''}</span>
            </Button>
          ) : (
            entry?.source === 'kept' && <ChooseFile />
          )}
          <Button look="link" onClick={() => openModels()}>
            Models
          </Button>
        </p>
      )}
      {download?.message !== undefined && (
        <p className={css.deeds}>
          <Button onClick={() => void attempt(() => client.resumeDownload(download.id))}>Try again</Button>
          <Button look="link" onClick={() => openModels()}>
            Models
          </Button>
        </p>
      )}
    </div>
  );
}

/** One that came as a file comes again as a file. */
function ChooseFile() {
  const input = useRef<HTMLInputElement>(null);
  async function take(files: File[]) {
    if (files.length === 0) return;
    const { failed } = await addModels(
      groupParts(files, ({ name }) => name),
      new AbortController().signal,
    );
    for (const { path, error } of failed) screen.toast({ tone: 'bad', text: `${path}: ${error.message}` });
  }
  return (
    <>
      <input
        ref={input}
        type="file"
        accept=".gguf"
        multiple
        hidden
        aria-label="The model’s file"
        onChange={event => {
          void attempt(() => take([...(event.currentTarget.files ?? [])]));
          event.currentTarget.value = '';
        }}
      />
      <Button onClick={() => input.current?.click()}>Choose its file</Button>
    </>
  );
}

function hostWords(source: ModelDownload['source']): string {
  return 'url' in source ? hostOf(source.url) : 'Hugging Face';
}

function isOf(source: ModelDownload['source'], entry: ModelEntry | undefined): boolean {
  return entry?.from !== undefined && JSON.stringify(source) === JSON.stringify(entry.from);
}
