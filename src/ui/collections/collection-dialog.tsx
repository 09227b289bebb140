import { useEffect, useRef, useState } from 'react';
import type { ModelInfo } from '../../domain/model.ts';
import { createCollection, renameCollection } from '../app/actions.ts';
import { useMirror } from '../app/hooks.ts';
import { poolingName, visible } from '../models/words.ts';
import { Button } from '../parts/button.tsx';
import { Dialog, DialogActions } from '../parts/dialog.tsx';
import field from '../parts/field.module.css';
import { hostOf } from '../parts/format.ts';

interface Props {
  onClose: () => void;
  /** The collection to rename; without it a new one is made. */
  renamed?: { id: string; name: string };
  /** The model that a new one begins with. */
  modelId?: string | undefined;
}

export function CollectionDialog({ onClose, renamed, modelId: given }: Props) {
  const models = useMirror(state => state.models);
  const [name, setName] = useState(renamed?.name ?? '');
  const [modelId, setModelId] = useState(given);
  const model = models.find(({ id }) => id === modelId) ?? models[0];
  const nameInput = useRef<HTMLInputElement>(null);
  useEffect(() => nameInput.current?.select(), []);
  const trimmed = name.trim();

  function submit() {
    if (renamed) void renameCollection(renamed.id, trimmed);
    else void createCollection(trimmed, model?.id);
    onClose();
  }

  return (
    <Dialog title={renamed ? 'Rename collection' : 'New collection'} onClose={onClose}>
      <form
        className={field.stack}
        onSubmit={event => {
          event.preventDefault();
          if (trimmed !== '') submit();
        }}
      >
        <label className={field.field}>
          <span className={field.label}>Name</span>
          <input
            ref={nameInput}
            className={field.input}
            value={name}
            onChange={event => setName(event.target.value)}
          />
        </label>
        {!renamed && models.length > 1 && (
          <label className={field.field}>
            <span className={field.label}>Model</span>
            <select
              className={field.input}
              value={model?.id}
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
        {!renamed && model && models.length > 1 && <p className={field.hint}>{comesAlong(model)}</p>}
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

/** What a model brings into a new collection; all of it can be changed there. */
function comesAlong({ pooling, prefixes, remote }: ModelInfo): string {
  const { document = '', query = '' } = prefixes ?? {};
  const before = [
    document === '' ? '' : `“${visible(document)}” before documents`,
    query === '' ? '' : `“${visible(query)}” before queries`,
  ].filter(Boolean);
  const how = remote
    ? `Its texts are sent to ${hostOf(remote.baseUrl)}.`
    : `Pooling: ${poolingName(pooling).toLowerCase()}.`;
  return before.length > 0 ? `${how} Prefixes: ${before.join(', ')}.` : `${how} No prefixes.`;
}
