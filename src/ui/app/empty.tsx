import { ClipboardPaste, FilePlus, FolderOpen } from 'lucide-react';
import { screen } from '../../state/app.ts';
import { Button } from '../parts/button.tsx';
import { hostOf } from '../parts/format.ts';
import { addSample } from './adding.ts';
import { chooseFiles, chooseFolder } from './choose.ts';
import css from './empty.module.css';
import { useMirror, useModel } from './hooks.ts';

/** The collection without files: one large place to drop them. */
export function Empty() {
  const formats = useMirror(state => state.offers.formats);
  const remote = useModel()?.remote;
  return (
    <section className={css.empty} aria-labelledby="empty-title">
      <div className={css.zone}>
        <h2 id="empty-title" className={css.title}>
          Drop files or a folder
        </h2>
        <p className={css.words}>
          {remote
            ? `They are read and cut into chunks here, in this tab. Their texts are sent to ${hostOf(remote.baseUrl)}, which makes the vectors.`
            : 'They are read, cut into chunks and turned into vectors here, in this tab. Nothing is sent anywhere.'}
        </p>
        <div className={css.buttons}>
          <Button look="primary" onClick={chooseFiles}>
            <FilePlus size={16} aria-hidden /> Choose files
          </Button>
          <Button onClick={() => void chooseFolder()}>
            <FolderOpen size={16} aria-hidden /> Choose folder
          </Button>
          <Button onClick={() => screen.set({ dialog: { kind: 'paste' } })}>
            <ClipboardPaste size={16} aria-hidden /> Paste text
          </Button>
        </div>
        <div className={css.links}>
          <Button look="link" onClick={() => void addSample()}>
            Try the sample
          </Button>
          <Button look="link" onClick={() => screen.set({ dialog: { kind: 'import' } })}>
            Import a collection
          </Button>
        </div>
        <p className={css.fine}>
          {formats.map(({ name }) => name).join(', ')} · any GGUF embedding model dropped here too
        </p>
      </div>
    </section>
  );
}
