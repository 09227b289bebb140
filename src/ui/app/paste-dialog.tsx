import { useState } from 'react';
import { gatherPasted } from '../../state/drop.ts';
import { Button } from '../parts/button.tsx';
import { Dialog, DialogActions } from '../parts/dialog.tsx';
import field from '../parts/field.module.css';
import { addGathered } from './adding.ts';

export function PasteDialog({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState('');
  const blank = text.trim() === '';
  return (
    <Dialog title="Paste text" onClose={onClose} width="wide">
      <label className={field.field}>
        <span className={field.label}>Text, added as a file named after its first words</span>
        <textarea
          className={`${field.input} ${field.area}`}
          value={text}
          onChange={event => setText(event.target.value)}
        />
      </label>
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
        <Button
          look="primary"
          disabled={blank}
          onClick={() => {
            void addGathered(async () => gatherPasted(text));
            onClose();
          }}
        >
          Add
        </Button>
      </DialogActions>
    </Dialog>
  );
}
