import { useCallback, useEffect, useState } from 'react';
import { client } from '../../state/app.ts';
import { attempt } from '../app/actions.ts';
import { useModel } from '../app/hooks.ts';
import { Dialog } from '../parts/dialog.tsx';
import { apiBases } from './address.ts';
import { Doors, useServerDoor } from './doors.tsx';
import { ModelNames } from './model-names.tsx';
import { type ApiNames, nameFor } from './names.ts';
import css from './panel.module.css';
import { RequestLog } from './request-log.tsx';
import { Usage } from './usage.tsx';
import { useServiceWorker } from './use-service-worker.ts';

/** The API of this very page: how to reach it, what to send, and what came in. */
export function ApiDialog({ onClose }: { onClose: () => void }) {
  const worker = useServiceWorker();
  const server = useServerDoor();
  const model = useModel();
  const [names, readNames] = useNames();
  const bases = apiBases(document.baseURI, server);
  const described = worker === 'active' || server === 'open';
  return (
    <Dialog
      title="API"
      width="broad"
      description={
        <>
          OpenAI’s routes, answered by this tab with your models.
          {described && (
            <>
              {' '}
              <a className={css.link} href={`${bases.page}/openapi.json`} target="_blank" rel="noreferrer">
                All routes, as OpenAPI
              </a>
            </>
          )}
        </>
      }
      onClose={onClose}
    >
      <Doors worker={worker} server={server} base={bases.server} />
      <div className={css.columns}>
        <div className={css.column}>
          {model && (
            <Usage
              model={names ? nameFor(model, names.own) : model.name}
              worker={worker}
              server={server}
              bases={bases}
            />
          )}
          {model && names && <ModelNames names={names} modelId={model.id} onChange={readNames} />}
        </div>
        <RequestLog />
      </div>
    </Dialog>
  );
}

function useNames(): [ApiNames | undefined, () => Promise<void>] {
  const [names, setNames] = useState<ApiNames>();
  const read = useCallback(async () => {
    const [own, { aliases }] = await Promise.all([client.apiNames(), client.settings()]);
    setNames({ own, aliases });
  }, []);
  useEffect(() => void attempt(read), [read]);
  return [names, read];
}
