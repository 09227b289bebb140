import { useEffect, useState } from 'react';
import { client, screen } from '../../state/app.ts';
import type { Theme } from '../../state/theme.ts';
import type { Settings, StorageUse } from '../../workspace/api.ts';
import { attempt } from '../app/actions.ts';
import { useScreen } from '../app/hooks.ts';
import { Bar } from '../parts/bar.tsx';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import field from '../parts/field.module.css';
import { size } from '../parts/format.ts';
import { Segments } from '../parts/segments.tsx';
import { EngineSettings } from './engine-settings.tsx';
import { Hosts } from './hosts.tsx';
import css from './settings.module.css';

const THEMES: readonly { value: Theme; label: string }[] = [
  { value: 'system', label: 'System' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
];

export function SettingsDialog({ onClose }: { onClose: () => void }) {
  const theme = useScreen(state => state.theme);
  return (
    <Dialog title="Settings" onClose={onClose}>
      <section className={css.part}>
        <h3>Theme</h3>
        <Segments label="Theme" value={theme} choices={THEMES} onChange={screen.setTheme} />
      </section>
      <Stored />
      <Hosts />
      <Storage />
      <section className={css.part}>
        <h3>Delete everything</h3>
        <p className={field.hint}>All collections, files, vectors and added models, from this browser.</p>
        <div>
          <Button look="danger" onClick={() => screen.set({ dialog: { kind: 'delete-everything' } })}>
            Delete everything
          </Button>
        </div>
      </section>
    </Dialog>
  );
}

/** Settings of the workspace, changed one at a time over what is stored. */
function Stored() {
  const [settings, setSettings] = useState<Settings>();
  useEffect(() => {
    void attempt(async () => setSettings(await client.settings()));
  }, []);
  if (!settings) return null;
  const change = (part: Partial<Settings>) =>
    void attempt(async () => {
      await client.changeSettings(part);
      setSettings(before => before && { ...before, ...part });
    });
  return (
    <>
      <section className={css.part}>
        <h3>Originals</h3>
        <label className={field.check}>
          <input
            type="checkbox"
            checked={settings.keepOriginals}
            onChange={event => change({ keepOriginals: event.target.checked })}
          />
          <span>
            Keep originals
            <span className={css.explain}>
              The files themselves, so that they can be read again without being dropped again.
            </span>
          </span>
        </label>
      </section>
      <EngineSettings settings={settings} onChange={change} />
    </>
  );
}

function Storage() {
  const [use, setUse] = useState<StorageUse>();
  const [refused, setRefused] = useState(false);
  useEffect(() => {
    void attempt(async () => setUse(await client.storage()));
  }, []);
  if (!use) return null;
  async function persist() {
    const granted = await client.persist();
    setRefused(!granted);
    setUse(await client.storage());
  }
  return (
    <section className={css.part}>
      <h3>Storage</h3>
      <Bar value={use.quota === 0 ? 0 : use.usage / use.quota} label="Storage used" />
      <p>
        {size(use.usage)} used of {size(use.quota)} that the browser grants
      </p>
      {use.persisted ? (
        <p className={field.hint}>The browser keeps it until you delete it.</p>
      ) : (
        <>
          <p className={field.hint}>
            {refused
              ? 'The browser declined for now. It agrees more readily for bookmarked or often visited pages.'
              : 'The browser may clear it when the disk is nearly full.'}
          </p>
          <div>
            <Button onClick={() => void attempt(persist)}>Keep it safe</Button>
          </div>
        </>
      )}
    </section>
  );
}
