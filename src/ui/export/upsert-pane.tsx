import { Send } from 'lucide-react';
import { useState } from 'react';
import type { CollectionInfo } from '../../domain/collection.ts';
import type { ChunkPlace } from '../../domain/search.ts';
import { typedTargets } from '../../state/app.ts';
import type { TypedTarget } from '../../state/upsert-target.ts';
import type { DatabaseInfo, UpsertSelection, UpsertTarget } from '../../workspace/upsert-api.ts';
import { useScreen } from '../app/hooks.ts';
import { useHostGate, useReachable } from '../models/host-ask.tsx';
import { urlProblem } from '../models/sources.ts';
import { Button } from '../parts/button.tsx';
import { DialogActions } from '../parts/dialog.tsx';
import { plural } from '../parts/format.ts';
import css from './export.module.css';
import { UpsertFields } from './upsert-fields.tsx';
import { UpsertState } from './upsert-state.tsx';
import { useUpsert, useUpsertOffer } from './use-upsert.ts';
import { WhichFiles } from './which-files.tsx';

interface Props {
  collection: CollectionInfo;
  database: DatabaseInfo;
  places?: readonly ChunkPlace[];
  /** The page was reloaded for this form just now. */
  returned: boolean;
  /** Whether only the selected files are to go, to begin with. */
  selectedOnly: boolean;
  onClose: () => void;
}

/** A database to send the collection into: where it is, what is there, and how the sending goes. */
export function UpsertPane(props: Props) {
  const { collection, database, places, returned, onClose } = props;
  const selected = useScreen(state => state.selection.ids);
  const [selectedOnly, setSelectedOnly] = useState(props.selectedOnly);
  const [typed, setTyped] = useState<TypedTarget>(
    () => typedTargets.of(database.id, collection.id) ?? { address: '', tenant: '', scopeDatabase: '' },
  );
  const [key, setKey] = useState('');
  const [keepKey, setKeepKey] = useState(false);
  const [problem, setProblem] = useState<string>();
  const gate = useHostGate();
  const upsert = useUpsert(collection.id);
  const selection: UpsertSelection = {
    ...(places ? { places: [...places] } : {}),
    ...(selectedOnly && selected.size > 0 && !places ? { fileIds: [...selected] } : {}),
  };
  const offer = useUpsertOffer(collection, selection);
  const name = typed.collection ?? offer?.collection ?? '';
  const address = typed.address.trim().replace(/\/+$/, '');
  const reachable = useReachable(address);
  const target: UpsertTarget = {
    database: database.id,
    address,
    collection: name.trim(),
    keepKey,
    ...(key !== '' && reachable ? { key } : {}),
    ...(typed.tenant.trim() === '' ? {} : { tenant: typed.tenant.trim() }),
    ...(typed.scopeDatabase.trim() === '' ? {} : { scopeDatabase: typed.scopeDatabase.trim() }),
  };

  function change(set: () => void) {
    set();
    setProblem(undefined);
    upsert.reset();
    gate.close();
  }

  function connect() {
    const found = urlProblem(typed.address, location.href);
    setProblem(found);
    if (found !== undefined) return;
    typedTargets.keep(database.id, collection.id, { ...typed, address, collection: target.collection });
    const { origin, host } = new URL(address);
    gate.through({
      origin,
      words: (
        <>
          Vecdrop will ask {host} what it holds. When you send the collection, its texts and vectors{' '}
          <b>go to {host}</b>.
        </>
      ),
      form: { way: 'database', value: database.id, ...selection },
      otherwise: 'export a file and load it there',
      go: () => upsert.connect(target),
    });
  }

  const busy = upsert.sending !== undefined || upsert.removing;
  const { look } = upsert;
  const ready = look !== undefined && look.problem === undefined;
  const nothing = offer === undefined || offer.records === 0;
  return (
    <form
      className={css.chosen}
      onSubmit={event => {
        event.preventDefault();
        if (busy) return;
        if (ready) upsert.send(target, selection);
        else connect();
      }}
    >
      <p className={css.sends}>
        Texts and vectors <b>are sent to the database</b>, and to nobody else. Sending again updates what is
        there and never doubles it.
      </p>
      <WhichFiles
        selected={places ? 0 : selected.size}
        selectedOnly={selectedOnly}
        onChange={setSelectedOnly}
      />
      <UpsertFields
        database={database}
        typed={{ ...typed, collection: name }}
        secret={{ key, keepKey, reachable }}
        disabled={busy}
        {...(problem === undefined ? {} : { problem })}
        onType={next => change(() => setTyped({ ...typed, ...next }))}
        onKey={next => change(() => setKey(next))}
        onKeepKey={setKeepKey}
      />
      {gate.question}
      <UpsertState
        database={database.name}
        collection={target.collection}
        upsert={upsert}
        unfinished={offer?.unfinished ?? 0}
        onRemove={() => upsert.removeLeftOver(target)}
      />
      <DialogActions>
        <Button look={upsert.report ? 'primary' : 'plain'} onClick={upsert.sending ? upsert.stop : onClose}>
          {upsert.sending ? 'Stop' : upsert.report ? 'Close' : 'Cancel'}
        </Button>
        {ready ? (
          <Button look={upsert.report ? 'plain' : 'primary'} type="submit" disabled={busy || nothing}>
            <Send size={16} aria-hidden /> {upsert.report || upsert.stopped ? 'Send again' : 'Send'}{' '}
            {offer && !upsert.report && plural(offer.records, 'record')}
          </Button>
        ) : (
          <Button
            look={gate.asking ? 'plain' : 'primary'}
            type="submit"
            autoFocus={returned}
            disabled={upsert.connecting || name.trim() === ''}
          >
            {upsert.connecting ? 'Connecting' : 'Connect'}
          </Button>
        )}
      </DialogActions>
    </form>
  );
}
