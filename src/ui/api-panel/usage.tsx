import { useState } from 'react';
import { CopyButton } from '../parts/copy-button.tsx';
import field from '../parts/field.module.css';
import { Segments } from '../parts/segments.tsx';
import type { ServerDoor } from './doors.tsx';
import { example, type Language } from './examples.ts';
import css from './panel.module.css';
import type { WorkerDoor } from './use-service-worker.ts';

const LANGUAGES: readonly { value: Language; label: string }[] = [
  { value: 'curl', label: 'curl' },
  { value: 'python', label: 'Python' },
  { value: 'openai', label: 'JavaScript, openai' },
  { value: 'fetch', label: 'JavaScript, fetch' },
];

interface Props {
  model: string;
  worker: WorkerDoor;
  server: ServerDoor;
  /** Where the API is for programs, and for scripts of this page. */
  bases: { server: string; page: string };
}

/** One request in several languages, ready to paste. */
export function Usage({ model, worker, server, bases }: Props) {
  const [language, setLanguage] = useState<Language>('curl');
  const outside = language === 'curl' || language === 'python';
  const code = example(language, { base: outside ? bases.server : bases.page, model });
  return (
    <section className={css.part} aria-labelledby="api-examples">
      <h3 id="api-examples">Examples</h3>
      <Segments label="Language" value={language} choices={LANGUAGES} onChange={setLanguage} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <section className={css.code} tabIndex={0} aria-label="Example">
        <code>{code}</code>
      </section>
      <div className={css.below}>
        <p className={field.hint}>{hint(language, worker, server)}</p>
        <CopyButton text={code} />
      </div>
    </section>
  );
}

function hint(language: Language, worker: WorkerDoor, server: ServerDoor): React.ReactNode {
  if (language === 'openai')
    return 'For scripts of this page: its console, an extension, an automated browser.';
  if (language === 'fetch') {
    if (worker === 'active')
      return 'For any page of this address: paste it into this page’s console to try it.';
    return (
      <>
        Needs the service worker. Until then, <code>vecdrop.fetch</code> in place of <code>fetch</code> does
        the same on this page.
      </>
    );
  }
  if (server !== 'open') {
    return (
      <>
        Needs the local server: run <code>npm start</code> and open the page from there.
      </>
    );
  }
  if (language === 'python') {
    return (
      <>
        Needs <code>pip install openai</code>. A server’s token, if it was started with one, is the API key.
      </>
    );
  }
  return (
    <>
      For a terminal on this machine. If the server was started with a token, add{' '}
      <code>-H 'Authorization: Bearer …'</code>
    </>
  );
}
