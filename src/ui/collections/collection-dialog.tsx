import { useState } from 'react';
import { createCollection, renameCollection } from '../app/actions.ts';
import { useMirror } from '../app/hooks.ts';
import { Button } from '../parts/button.tsx';
import { Dialog, DialogActions } from '../parts/dialog.tsx';
import field from '../parts/field.module.css';

interface Props {
  onClose: () => void;
  /** The collection to rename; without it a new one is made. */
  renamed?: { id: string; name: string };
}

export function CollectionDialog({ onClose, renamed }: Props) {
  const models = useMirror(state => state.models);
  const [name, setName] = useState(renamed?.name ?? '');
  const [modelId, setModelId] = useState<string | undefined>(undefined);
  const trimmed = name.trim();

  function submit() {
    if (renamed) void renameCollection(renamed.id, trimmed);
    else void createCollection(trimmed, modelId ?? models[0]?.id);
    onClose();
  }

  return (
    <Dialog title={renamed ? 'Rename collection' : 'New collection'} onClose={onClose}>
      <form
        className={field.field}
        onSubmit={event => {
          event.preventDefault();
          if (trimmed !== '') submit();
        }}
      >
        <label className={field.field}>
          <span className={field.label}>Name</span>
          <input className={field.input} value={name} onChange={event => setName(event.target.value)} />
        </label>
        {!renamed && models.length > 1 && (
          <label className={field.field}>
            <span className={field.label}>Model, for as long as the collection lives</span>
            <select
              className={field.input}
              value={modelId ?? models[0]?.id}
              onChange={event => setModelId(event.target.value)}
            >
              {models.map(model => (
                <option key={model.id} value={model.id}>
                  {model.name} · {model.dimensions} dimensions · {model.quantization}
                </option>
              ))}
            </select>
          </label>
        )}
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" disabled={trimmed === ''}>
            {renamed ? 'Rename' : 'Create'}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
