import { client } from '../../state/app.ts';
import type { ModelDownload } from '../../workspace/models-api.ts';
import { attempt } from '../app/actions.ts';
import { useShelf } from '../app/hooks.ts';
import { Bar } from '../parts/bar.tsx';
import { Button } from '../parts/button.tsx';
import css from './downloads.module.css';
import { downloadWords } from './words.ts';

/** Downloads that are not finished; nothing where there are none. */
export function Downloads() {
  const downloads = useShelf(state => state.downloads);
  if (downloads.length === 0) return null;
  return (
    <section className={css.downloads} aria-labelledby="model-downloads">
      <h3 id="model-downloads">Downloads</h3>
      <ul>
        {downloads.map(download => (
          <Row key={download.id} download={download} />
        ))}
      </ul>
    </section>
  );
}

function Row({ download }: { download: ModelDownload }) {
  const { id, name, state, receivedBytes, totalBytes, message } = download;
  const stopped = state === 'failed' || state === 'waiting';
  return (
    <li className={css.row}>
      <b>{name}</b>
      <Bar value={totalBytes ? receivedBytes / totalBytes : 0} label={`Downloaded of ${name}`} />
      <div className={css.below}>
        <p className={css.words}>{downloadWords(download)}</p>
        {stopped && (
          <Button
            look="link"
            aria-label={`Resume ${name}`}
            onClick={() => void attempt(() => client.resumeDownload(id))}
          >
            Resume
          </Button>
        )}
        <Button
          look="link"
          aria-label={`Cancel ${name}`}
          onClick={() => void attempt(() => client.cancelDownload(id))}
        >
          Cancel
        </Button>
      </div>
      {message !== undefined && (
        <p
          className={state === 'failed' ? css.bad : css.words}
          role={state === 'failed' ? 'alert' : 'status'}
        >
          {message}
        </p>
      )}
    </li>
  );
}
