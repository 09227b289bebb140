import { useState } from 'react';
import { client, mirror, queryHistory, screen, typedTargets } from '../../state/app.ts';
import { attempt } from '../app/actions.ts';
import { Button } from '../parts/button.tsx';
import { Dialog, DialogActions } from '../parts/dialog.tsx';
import field from '../parts/field.module.css';

/** The word that must be typed. */
const WORD = 'delete';

/** The only question the page ever asks: this cannot be undone. */
export function DeleteEverythingDialog({ onClose }: { onClose: () => void }) {
  const [typed, setTyped] = useState('');
  const [busy, setBusy] = useState(false);
  const sure = typed.trim().toLowerCase() === WORD;

  async function deleteAll() {
    setBusy(true);
    await attempt(async () => {
      await client.deleteEverything();
      queryHistory.clearAll();
      typedTargets.clearAll();
      screen.leaveCollection();
      mirror.open(undefined);
      screen.toast({ tone: 'plain', text: 'Everything is deleted.' });
    });
    onClose();
  }

  return (
    <Dialog
      title="Delete everything?"
      description="All collections, files, vectors and added models are deleted from this browser. This cannot be undone."
      onClose={onClose}
    >
      <form
        className={field.field}
        onSubmit={event => {
          event.preventDefault();
          if (sure && !busy) void deleteAll();
        }}
      >
        <label className={field.field}>
          <span className={field.label}>Type “{WORD}” to confirm</span>
          <input
            className={field.input}
            value={typed}
            autoComplete="off"
            onChange={event => setTyped(event.target.value)}
          />
        </label>
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="danger" type="submit" disabled={!sure || busy}>
            Delete everything
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
